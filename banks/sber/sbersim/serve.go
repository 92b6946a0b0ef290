package sbersim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
)

// maxBody is far above any request.
const maxBody = 1 << 20

// serveToken answers one request for a token.
func (b *Bank) serveToken(w http.ResponseWriter, r *http.Request) { b.serve(w, r, oauthMethod) }

// serveMethod answers one request to a method.
func (b *Bank) serveMethod(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	if methods[method] == nil {
		sendGateway(w, gateway{http.StatusNotFound, "no such method"})
		return
	}
	b.serve(w, r, method)
}

// serve answers one request to the bank, with the fault that it meets.
func (b *Bank) serve(w http.ResponseWriter, r *http.Request, method string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too long", http.StatusRequestEntityTooLarge)
		return
	}
	w.Header().Set("X-Rate-Limit-Limit", strconv.Itoa(max(b.conf.Rate, 20)))
	f := b.faults.Meet(method)
	if b.tooFast() {
		sendGateway(w, gateway{http.StatusTooManyRequests, "too many requests"})
		return
	}
	if banksim.NoEffect(w, r, f, b.conf.Hang) {
		return
	}
	a, err := b.answer(method, r, body, f)
	var g gateway
	if errors.As(err, &g) {
		sendGateway(w, g)
		return
	}
	text, err := json.Marshal(a)
	if err != nil {
		banksim.Page(w, http.StatusInternalServerError)
		return
	}
	banksim.Send(w, r, http.StatusOK, text, f, b.conf.Hang)
}

// tooFast counts a call, and tells whether it is one too many in its second.
func (b *Bank) tooFast() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := b.now().Truncate(time.Second); !now.Equal(b.second) {
		b.second, b.calls = now, 0
	}
	b.calls++
	return b.conf.Rate > 0 && b.calls > b.conf.Rate
}

// answer does what was asked and gives the answer, bent by the faults that bend answers. The error is the gateway's.
func (b *Bank) answer(method string, r *http.Request, body []byte, f banksim.Plan) (answer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if method == oauthMethod {
		return b.oauth(r, body, f)
	}
	if err := b.admit(method, r, f); err != nil {
		return nil, err
	}
	q, err := read(method, r, body)
	if err != nil {
		return nil, err
	}
	a, err := b.do(method, q, f)
	if err != nil {
		return nil, err
	}
	name := func(snake, camel string) string {
		if method == "registry" {
			return camel
		}
		return snake
	}
	a[name("rq_uid", "rqUid")], a[name("rq_tm", "rqTm")] = q.uid(), b.now().Format(layout)
	for plain, n := range map[string]string{"code": name("error_code", "errorCode"), "words": name("error_description", "errorDescription")} {
		if v, there := a[plain]; there {
			delete(a, plain)
			a[n] = v
		}
	}
	a.bend(f.Name)
	return a, nil
}

// do carries out a request. A refusal of the bank's is an answer; it has its code and words under these names.
func (b *Bank) do(method string, q request, f banksim.Plan) (answer, error) {
	if f.Name == Refuse {
		return answer{"code": cmp.Or(f.Code, "010000"), "words": "Отказ: /control/faults/refuse"}, nil
	}
	a, err := methods[method](b, q, f.Name)
	var n no
	switch {
	case errors.As(err, &n):
		return answer{"code": n.code, "words": n.words}, nil
	case err != nil:
		return nil, err
	}
	a["code"] = "000000"
	return a, nil
}

// bend makes the answer wrong in the way of a fault.
func (a answer) bend(f banksim.Fault) {
	switch f {
	case UnknownStatus:
		a.change("order_state", func(any) any { return "QUANTUM_REVIEW" })
		a.change("order_status", func(any) any { return "QUANTUM_REVIEW" })
	case OtherPayment:
		a.change("order_id", func(any) any { return "7c9e6679742540de944be07fc1f90ae7" })
	case OtherRequest:
		a.change("rq_uid", func(any) any { return strings.Repeat("0", 32) })
		a.change("rqUid", func(any) any { return strings.Repeat("0", 32) })
	case ErrorCodeMissing:
		delete(a, "error_code")
		delete(a, "errorCode")
	case AmountDiffers:
		a.change("operation_sum", func(v any) any { return v.(int64) + 1 })
	case AmountMissing:
		a.change("operation_sum", func(any) any { return nil })
	case AmountString:
		a.change("operation_sum", func(v any) any { return fmt.Sprint(v) })
	case CurrencyDiffers:
		a.change("operation_currency", func(any) any { return "840" })
	case OperationsHidden:
		delete(a, "order_operation_params")
	case PayloadBare:
		a.change("order_form_url", func(v any) any { link, _, _ := strings.Cut(v.(string), "?"); return link })
	case PayloadOtherSum:
		a.changeLink(func(l *nspk.Link) { l.Sum++ })
	case PayloadOtherCurrency:
		a.changeLink(func(l *nspk.Link) { l.Currency = "USD" })
	case PayloadCRC:
		a.change("order_form_url", func(v any) any { return v.(string)[:len(v.(string))-4] + "ZZZZ" })
	case PayloadMissing:
		delete(a, "order_form_url")
	}
}

// change changes a field of the root and of every operation in it, where it is there.
func (a answer) change(name string, to func(any) any) {
	if v, there := a[name]; there {
		a[name] = to(v)
	}
	if list, ok := a["order_operation_params"].([]answer); ok {
		for _, one := range list {
			one.change(name, to)
		}
	}
}

// changeLink changes the link of an SBP code.
func (a answer) changeLink(to func(*nspk.Link)) {
	a.change("order_form_url", func(v any) any {
		link, err := nspk.Parse(v.(string))
		if err != nil {
			return v
		}
		to(&link)
		return nspk.Make(link)
	})
}

// sendGateway writes a refusal of the gateway's.
func sendGateway(w http.ResponseWriter, g gateway) {
	sendJSON(w, g.status, map[string]string{
		"httpCode": strconv.Itoa(g.status), "httpMessage": http.StatusText(g.status), "moreInformation": g.more,
	})
}

func sendJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
