package sbersim

import (
	"errors"
	"net/http"
	"time"

	"kassa/banks/banksim"
)

// Faults of the tokens.
const (
	TokenExpired    banksim.Fault = "token-expired"     // the request's token is over before its time: 401
	TokenWrongScope banksim.Fault = "token-wrong-scope" // oauth: the token is good for nothing: 403 when it is used
)

// Faults of the answer: the request takes effect.
const (
	UnknownStatus        banksim.Fault = "unknown-status"         // order_state and order_status are a word that no document has
	OtherPayment         banksim.Fault = "other-payment"          // every order_id is another one
	OtherRequest         banksim.Fault = "other-request"          // rq_uid is another request's
	ErrorCodeMissing     banksim.Fault = "error-code-missing"     // there is no error_code
	AmountDiffers        banksim.Fault = "amount-differs"         // every operation_sum is one kopeck more
	AmountMissing        banksim.Fault = "amount-missing"         // no operation_sum is named
	AmountString         banksim.Fault = "amount-string"          // every operation_sum is a string
	CurrencyDiffers      banksim.Fault = "currency-differs"       // every operation is in dollars
	OperationsHidden     banksim.Fault = "operations-hidden"      // status: there is no list of operations
	PayloadBare          banksim.Fault = "payload-bare"           // creation: the link has no query
	PayloadOtherSum      banksim.Fault = "payload-other-sum"      // creation: the link names one kopeck more
	PayloadOtherCurrency banksim.Fault = "payload-other-currency" // creation: the link is in dollars
	PayloadCRC           banksim.Fault = "payload-crc"            // creation: the link's checksum is wrong
	PayloadMissing       banksim.Fault = "payload-missing"        // creation: no link
)

// Faults of the bank's business.
const (
	Refuse           banksim.Fault = "refuse"             // no effect, the error whose number code says, 010000 by default
	NotFound         banksim.Fault = "not-found"          // status: the order is not to be seen yet
	CreationDeclined banksim.Fault = "creation-declined"  // creation: no order, the answer says DECLINED
	PaidDuringCancel banksim.Fault = "paid-during-cancel" // revocation: the payer pays just before it, so that it is refused
	PaidAfterCancel  banksim.Fault = "paid-after-cancel"  // revocation: the order is revoked, and paid after all a moment later
	RefundFails      banksim.Fault = "refund-fails"       // cancel: it is taken, and the operation does not succeed
	RefundNoBalance  banksim.Fault = "refund-no-balance"  // cancel: family 13, the operation is listed with response_code 51
	RefundDenied     banksim.Fault = "refund-denied"      // cancel: it succeeds, and the answer says that it did not
	RefundLate       banksim.Fault = "refund-late"        // cancel: it succeeds, status lists it half a minute later
)

// Faults of the notifications.
const (
	NoticeLost      banksim.Fault = "notice-lost"       // it is never sent
	NoticeTwice     banksim.Fault = "notice-twice"      // it is sent once more
	NoticeLate      banksim.Fault = "notice-late"       // it is held back until another one has been sent
	NoticeOtherShop banksim.Fault = "notice-other-shop" // it is for another shop: memberId and idQR are others
)

// orderMethods answer with an order.
var orderMethods = []string{"creation", "status", "revocation", "cancel"}

// callMethods take a token.
var callMethods = append([]string{"registry"}, orderMethods...)

// fits are the methods that a fault fits.
var fits = map[banksim.Fault][]string{
	TokenWrongScope: {oauthMethod},
	TokenExpired:    callMethods, OtherRequest: callMethods, ErrorCodeMissing: callMethods, Refuse: callMethods,
	UnknownStatus:        orderMethods,
	OtherPayment:         {"status", "revocation", "cancel"},
	AmountDiffers:        {"status", "cancel"},
	AmountMissing:        {"status", "cancel"},
	AmountString:         {"status", "cancel"},
	CurrencyDiffers:      {"status"},
	OperationsHidden:     {"status"},
	PayloadBare:          {"creation"},
	PayloadOtherSum:      {"creation"},
	PayloadOtherCurrency: {"creation"},
	PayloadCRC:           {"creation"},
	PayloadMissing:       {"creation"},
	NotFound:             {"status"},
	CreationDeclined:     {"creation"},
	PaidDuringCancel:     {"revocation"},
	PaidAfterCancel:      {"revocation"},
	RefundFails:          {"cancel"},
	RefundNoBalance:      {"cancel"},
	RefundDenied:         {"cancel"},
	RefundLate:           {"cancel"},
	NoticeLost:           {noticeMethod},
	NoticeTwice:          {noticeMethod},
	NoticeLate:           {noticeMethod},
	NoticeOtherShop:      {noticeMethod},
}

// What a fault narrows to the giving of tokens, and to the bank's own call to the shop.
const (
	oauthMethod  = "oauth"
	noticeMethod = "notify"
)

// newFaults are the faults of the connection and the bank's own.
func newFaults() *banksim.Faults {
	return banksim.NewFaults(append([]string{oauthMethod, noticeMethod}, callMethods...), fits)
}

// Break makes a fault happen. Several may wait; a request meets the first of them that fits.
func (b *Bank) Break(p banksim.Plan) error { return b.faults.Break(p) }

// Mend ends all faults.
func (b *Bank) Mend() { b.faults.Mend() }

// addControls adds what this bank has beside the controls of all.
func (b *Bank) addControls(mux *http.ServeMux) {
	banksim.AddControls(mux, b, b.faults)
	mux.HandleFunc("POST /control/payments/{id}/fail", func(w http.ResponseWriter, r *http.Request) {
		control(w, map[string]string{}, b.Fail(r.PathValue("id")))
	})
	mux.HandleFunc("GET /control/payments/{id}/notice", func(w http.ResponseWriter, r *http.Request) {
		body, err := b.Notice(r.PathValue("id"))
		control(w, body, err)
	})
	mux.HandleFunc("POST /control/payments/{id}/notify", func(w http.ResponseWriter, r *http.Request) {
		control(w, map[string]string{}, b.control(r.PathValue("id"), func(o *order) bool { b.tell(o); return true }))
	})
	mux.HandleFunc("GET /control/clock", func(w http.ResponseWriter, _ *http.Request) {
		control(w, map[string]time.Time{"now": b.Now()}, nil)
	})
	mux.HandleFunc("POST /control/clock", func(w http.ResponseWriter, r *http.Request) {
		d, err := time.ParseDuration(r.URL.Query().Get("advance"))
		if err != nil || d < 0 {
			control(w, nil, errors.New("sbersim: advance must be a duration such as 20m"))
			return
		}
		b.Advance(d)
		control(w, map[string]time.Time{"now": b.Now()}, nil)
	})
}

// control answers a control of this bank's own.
func control(w http.ResponseWriter, v any, err error) {
	status := http.StatusOK
	if err != nil {
		v, status = map[string]string{"error": err.Error()}, http.StatusBadRequest
	}
	switch {
	case errors.Is(err, banksim.ErrNoPayment):
		status = http.StatusNotFound
	case errors.Is(err, banksim.ErrStatus):
		status = http.StatusConflict
	}
	sendJSON(w, status, v)
}
