package tbanksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"kassa/banks/nspk"
)

// maxBody is far above any request.
const maxBody = 64 << 10

// serveMethod answers one request to the bank, with the fault that it meets.
func (b *Bank) serveMethod(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	if methods[method] == nil {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too long", http.StatusRequestEntityTooLarge)
		return
	}
	b.mu.Lock()
	f := b.meet(method)
	b.mu.Unlock()
	if b.noEffect(w, r, f) {
		return
	}
	a := b.answer(method, body, f)
	b.send(w, r, a, f)
}

// noEffect plays the faults in which a request never reaches the bank's books, and tells whether f was one.
func (b *Bank) noEffect(w http.ResponseWriter, r *http.Request, f armed) bool {
	switch f.Name {
	case RequestLost:
		panic(http.ErrAbortHandler)
	case RequestHangs:
		wait(r, b.conf.Hang)
		panic(http.ErrAbortHandler)
	case HTTP500:
		page(w, http.StatusInternalServerError)
	case HTTP503:
		page(w, http.StatusServiceUnavailable)
	case HTTP504:
		page(w, http.StatusGatewayTimeout)
	case HTTP429:
		page(w, http.StatusTooManyRequests)
	case Redirect:
		http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusTemporaryRedirect)
	default:
		return false
	}
	return true
}

// answer does what was asked and gives the answer, bent by the faults that bend answers.
func (b *Bank) answer(method string, body []byte, f armed) answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	a, err := b.do(method, body, f)
	if err != nil {
		var n no
		if !errors.As(err, &n) {
			n = no{"9999", "Внутренняя ошибка.", err.Error()}
		}
		a = answer{"Success": false, "ErrorCode": n.code, "Message": n.message, "Details": n.details}
	} else {
		a["Success"], a["ErrorCode"], a["Message"] = true, "0", "OK"
	}
	a["TerminalKey"] = b.conf.Terminal
	a.bend(f.Name)
	return a
}

func (b *Bank) do(method string, body []byte, f armed) (answer, error) {
	if f.Name == Refuse {
		return nil, no{f.Code, "Отказ.", "По заказу: /control/faults/refuse."}
	}
	r, err := b.read(method, body)
	if err != nil {
		return nil, err
	}
	if err := r.extras(); err != nil {
		return nil, err
	}
	return methods[method](b, r, b.conf.Clock(), f.Name)
}

// bend makes the answer wrong in the way of a fault.
func (a answer) bend(f Fault) {
	switch f {
	case SuccessString:
		a["Success"] = fmt.Sprint(a["Success"])
	case ErrorCodeNumber:
		a["ErrorCode"] = json.Number(fmt.Sprint(a["ErrorCode"]))
	case OtherTerminal:
		a["TerminalKey"] = "1999999999999DEMO"
	case PaymentIDNumber:
		a.change("PaymentId", func(v any) any { return json.Number(fmt.Sprint(v)) })
	case PaymentIDString:
		a.change("PaymentId", func(v any) any { return fmt.Sprint(v) })
	case OtherPayment:
		a.change("PaymentId", func(any) any { return "77" })
	case UnknownStatus:
		a.change("Status", func(any) any { return "QUANTUM_REVIEW" })
	case AmountDiffers:
		a.change("Amount", func(v any) any { return v.(int64) + 1 })
	case AmountMissing:
		a.change("Amount", func(any) any { return nil })
	case PayloadBare:
		a.change("Data", func(v any) any { link, _, _ := strings.Cut(v.(string), "?"); return link })
	case PayloadOtherSum:
		a.change("Data", func(v any) any {
			link, _ := nspk.Parse(v.(string))
			link.Sum++
			return nspk.Make(link)
		})
	case PayloadCurrency:
		a.change("Data", func(v any) any {
			link, _ := nspk.Parse(v.(string))
			link.Currency = "USD"
			return nspk.Make(link)
		})
	case PayloadCRC:
		a.change("Data", func(v any) any { return v.(string)[:len(v.(string))-4] + "ZZZZ" })
	case PayloadMissing:
		a.change("Data", func(any) any { return nil })
	case CheckOrderPlain:
		if list, ok := a["Payments"].([]answer); ok {
			for _, one := range list {
				one["Success"], one["ErrorCode"] = true, "0"
			}
		}
	case CheckOrderSecond:
		if list, ok := a["Payments"].([]answer); ok {
			older := answer{"PaymentId": "1", "Amount": list[0]["Amount"], "Status": rejected, "Success": true, "ErrorCode": "0"}
			a["Payments"] = append([]answer{older}, list...)
		}
	}
}

// change changes a field of the root and of every payment in it, where it is there.
func (a answer) change(name string, to func(any) any) {
	if v, there := a[name]; there {
		a[name] = to(v)
	}
	if list, ok := a["Payments"].([]answer); ok {
		for _, one := range list {
			one.change(name, to)
		}
	}
}

// send writes the answer, unless the fault is that it does not arrive whole.
func (b *Bank) send(w http.ResponseWriter, r *http.Request, a answer, f armed) {
	body, err := json.Marshal(a)
	if err != nil {
		page(w, http.StatusInternalServerError)
		return
	}
	switch f.Name {
	case AnswerLost:
		panic(http.ErrAbortHandler)
	case AnswerHangs:
		wait(r, b.conf.Hang)
		panic(http.ErrAbortHandler)
	case HTTP500After:
		page(w, http.StatusInternalServerError)
		return
	case Nonsense:
		page(w, http.StatusOK)
		return
	case Slow:
		wait(r, f.Delay)
	case Truncated:
		body = body[:len(body)/2]
	case Huge:
		body = append([]byte(strings.Repeat(" ", 10<<20)), body...)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(body)
}

// page is what a gateway answers in place of the bank.
func page(w http.ResponseWriter, code int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = fmt.Fprintf(w, "<html><head><title>%d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n", code, http.StatusText(code))
}

// wait holds a request until its caller gives up or the time is over.
func wait(r *http.Request, most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-r.Context().Done():
	case <-t.C:
	}
}
