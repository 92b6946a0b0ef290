package sber

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/banks/bankjson"
)

// endpoint is one of the bank's methods, and the scope of the token that it takes.
type endpoint struct{ name, scope string }

// The methods.
var (
	creation   = endpoint{"creation", "https://api.sberbank.ru/qr/order.create"}
	status     = endpoint{"status", "https://api.sberbank.ru/qr/order.status"}
	revocation = endpoint{"revocation", "https://api.sberbank.ru/qr/order.revoke"}
	cancel     = endpoint{"cancel", "https://api.sberbank.ru/qr/order.cancel"}
	registry   = endpoint{"registry", "auth://qr/order.registry"}
)

// ordersPath is what the methods stand below.
const ordersPath = "prod/qr/order/v3/"

// maxWords is how many letters of the bank's text are kept.
const maxWords = 200

// head is what every request begins with. The clients known to work disagree whether rq_tm is UTC or Moscow time with
// a Z; it is UTC here.
type head struct {
	UID  string `json:"rq_uid"`
	Time string `json:"rq_tm"`
}

// layout is how the bank writes times.
const layout = "2006-01-02T15:04:05Z"

func (b *Bank) now() string { return b.clock().UTC().Format(layout) }

// call sends a request and gives the body of an answer with HTTP 200, and the request's rq_uid, which the answer repeats.
// A token that the gateway does not take is replaced once: nothing was carried out then. Errors are those of banks.Bank
// and name the method.
func (b *Bank) call(ctx context.Context, e endpoint, request func(head) any) (body []byte, uid string, err error) {
	for again := false; ; again = true {
		token, err := b.tokens.get(ctx, e.scope)
		if err != nil {
			return nil, "", err
		}
		r, uid, err := b.send(ctx, e, token, request)
		switch {
		case err != nil:
			return nil, "", fmt.Errorf("sber: %s: %w", e.name, err)
		case r.Status == http.StatusOK:
			return r.Body, uid, nil
		case r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden || again:
			return nil, "", fmt.Errorf("sber: %s: %w", e.name, b.gatewayError(r, false))
		}
		b.tokens.drop(e.scope, token)
	}
}

func (b *Bank) send(ctx context.Context, e endpoint, token string, request func(head) any) (bankhttp.Reply, string, error) {
	uid, err := b.uids.next()
	if err != nil {
		return bankhttp.Reply{}, "", err
	}
	body, err := json.Marshal(request(head{UID: uid, Time: b.now()}))
	if err != nil {
		return bankhttp.Reply{}, "", fmt.Errorf("writing the request: %w", err)
	}
	r, err := b.http.Do(ctx, http.MethodPost, ordersPath+e.name, http.Header{
		"Authorization": {"Bearer " + token},
		"Content-Type":  {"application/json"},
		"Accept":        {"application/json"},
		"RqUID":         {uid},
	}, string(body))
	return r, uid, err
}

// gatewayError is what an answer with another status than 200 means. The gateway tells in JSON why it let nothing
// through; a page of HTML, or a status of trouble, leaves everything open. At oauth any no is about the credentials.
func (b *Bank) gatewayError(r bankhttp.Reply, oauth bool) error {
	var re struct {
		Code    bankjson.Text `json:"httpCode"`
		Message bankjson.Text `json:"httpMessage"`
		More    bankjson.Text `json:"moreInformation"`
	}
	known := json.Unmarshal(r.Body, &re) == nil && re.Code != ""
	reason := banks.ReasonOther
	switch {
	case r.Status == http.StatusUnauthorized, r.Status == http.StatusForbidden:
		reason = banks.ReasonSettings
	case !known:
		return fmt.Errorf("%w: HTTP %d", banks.ErrUnknown, r.Status)
	case r.Status == http.StatusBadRequest && !oauth:
	case r.Status == http.StatusBadRequest, r.Status == http.StatusNotFound, r.Status == http.StatusMethodNotAllowed:
		reason = banks.ReasonSettings
	default:
		return fmt.Errorf("%w: HTTP %d", banks.ErrUnknown, r.Status)
	}
	return &banks.Refusal{
		Reason:  reason,
		Code:    fmt.Sprintf("HTTP %d", r.Status),
		Message: bankhttp.Clean(b.redact(string(re.Message)+" "+string(re.More)), maxWords),
	}
}

// uids makes ids of requests: 32 hex digits.
type uids struct {
	mu     sync.Mutex
	random io.Reader
}

func (u *uids) next() (string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	var id [16]byte
	if _, err := io.ReadFull(u.random, id[:]); err != nil {
		return "", fmt.Errorf("%w: no random numbers for rq_uid: %w", banks.ErrUnknown, err)
	}
	return hex.EncodeToString(id[:]), nil
}

// moscow is the zone of the registry's times. It has had no summer time since 2014.
var moscow = time.FixedZone("MSK", 3*60*60)
