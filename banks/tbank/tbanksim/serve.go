package tbanksim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"kassa/banks/banksim"
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
	f := b.faults.Meet(method)
	if banksim.NoEffect(w, r, f, b.conf.Hang) {
		return
	}
	answer, err := json.Marshal(b.answer(method, body, f))
	if err != nil {
		banksim.Page(w, http.StatusInternalServerError)
		return
	}
	banksim.Send(w, r, http.StatusOK, answer, f, b.conf.Hang)
}

// answer does what was asked and gives the answer, bent by the faults that bend answers.
func (b *Bank) answer(method string, body []byte, f FaultPlan) answer {
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

func (b *Bank) do(method string, body []byte, f FaultPlan) (answer, error) {
	if f.Name == Refuse {
		return nil, no{cmp.Or(f.Code, "9999"), "Отказ.", "По заказу: /control/faults/refuse."}
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
