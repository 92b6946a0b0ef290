package raiffeisensim

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"kassa/banks/banksim"
	"kassa/banks/nspk"
)

// maxBody is far above any request, in bytes.
const maxBody = 64 << 10

// addCalls puts the bank's calls where its document says.
func (b *Bank) addCalls(mux *http.ServeMux) {
	for pattern, call := range map[string]string{
		"POST /api/sbp/v1/qr/register":         callRegister,
		"GET /api/sbp/v2/qrs/{id}":             callQR,
		"DELETE /api/sbp/v2/qrs/{id}":          callDelete,
		"GET /api/sbp/v1/qr/{id}/info":         callInfo,
		"GET /api/sbp/v1/qr/{id}/payment-info": callPaymentInfo,
		"POST /api/sbp/v1/refund":              callRefund,
		"GET /api/sbp/v1/refund/{id}":          callRefundInfo,
		"POST /api/settings/v1/callback":       callCallback,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { b.serveCall(w, r, call) })
	}
}

// serveCall answers one request to the bank, with the fault that it meets.
func (b *Bank) serveCall(w http.ResponseWriter, r *http.Request, call string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too long", http.StatusRequestEntityTooLarge)
		return
	}
	f := b.faults.Meet(call)
	if banksim.NoEffect(w, r, f, b.conf.Hang) {
		return
	}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case !b.known(r, call):
		w.WriteHeader(http.StatusUnauthorized) // the document does not say how it looks
		return
	case r.Method == http.MethodPost && kind != "application/json":
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	status, told := b.answer(call, asked{id: r.PathValue("id"), body: body, f: f.Name}, f)
	var text []byte
	if told != nil && f.Name != Empty {
		if text, err = json.Marshal(told); err != nil {
			banksim.Page(w, http.StatusInternalServerError)
			return
		}
	}
	banksim.Send(w, r, status, text, f, b.conf.Hang)
}

// known tells whether the caller has the secret key. Codes are registered without one, too; a wrong one is refused.
func (b *Bank) known(r *http.Request, call string) bool {
	given := r.Header.Get("Authorization")
	if given == "" && call == callRegister {
		return true
	}
	return subtle.ConstantTimeCompare([]byte(given), []byte("Bearer "+b.conf.SecretKey)) == 1
}

// answer does what was asked and gives the answer, bent by the faults that bend answers.
func (b *Bank) answer(call string, a asked, f banksim.Plan) (int, answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a.now = b.now()
	told, err := answer(nil), error(no{cmp.Or(f.Code, "ERROR.INVALID_REQUEST"), "По заказу: /control/faults/refuse"})
	if f.Name != Refuse {
		told, err = calls[call](b, a)
	}
	if err == nil {
		told.bend(f.Name)
		return http.StatusOK, told
	}
	var n no
	if !errors.As(err, &n) {
		n = no{"ERROR.INTERNAL", err.Error()}
	}
	status := http.StatusOK
	if call == callQR || call == callDelete {
		status = http.StatusBadRequest
		if n == errNoCode {
			status = http.StatusNotFound
		}
	}
	return status, answer{"code": n.code, "message": n.message}
}

// bend makes the answer wrong in the way of a fault.
func (a answer) bend(f banksim.Fault) {
	otherLink := func(change func(*nspk.Link)) func(any) any {
		return func(v any) any {
			link, err := nspk.Parse(v.(string))
			if err != nil {
				return v
			}
			change(&link)
			return nspk.Make(link)
		}
	}
	switch f {
	case UnknownStatus:
		for _, name := range []string{"qrStatus", "paymentStatus", "refundStatus"} {
			a.change(name, func(any) any { return "QUANTUM_REVIEW" })
		}
	case AmountDiffers:
		a.change("amount", moreOf)
	case AmountMissing:
		a.change("amount", func(any) any { return nil })
	case AmountString:
		a.change("amount", func(v any) any { return v.(json.Number).String() })
	case AmountExponent:
		a.change("amount", func(v any) any { return json.Number(v.(json.Number).String() + "E+0") })
	case OtherPayment:
		a.change("qrId", func(any) any { return qrIDOf(77) })
	case OtherOrder:
		a.change("order", func(any) any { return "another-order" })
	case OtherCurrency:
		a.change("currency", func(any) any { return "USD" })
	case PayloadBare:
		a.change("payload", func(v any) any { link, _, _ := strings.Cut(v.(string), "?"); return link })
	case PayloadOtherSum:
		a.change("payload", otherLink(func(l *nspk.Link) { l.Sum++ }))
	case PayloadCurrency:
		a.change("payload", otherLink(func(l *nspk.Link) { l.Currency = "USD" }))
	case PayloadCRC:
		a.change("payload", func(v any) any { return v.(string)[:len(v.(string))-4] + "ZZZZ" })
	case PayloadMissing:
		a.change("payload", func(any) any { return nil })
	}
}
