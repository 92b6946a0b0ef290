package qrpay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kassa/banks"
	"kassa/banks/bankhttp"
	"kassa/register"
)

// The provider's methods, below its base address.
const (
	methodQR     = "payment/qr"
	methodState  = "payment/state"
	methodCancel = "payment/cancel"
)

// request is the body of every call.
type request struct {
	Amount      register.Money `json:"amount"` // kopecks
	OperationID string         `json:"operationId"`
	AccountID   string         `json:"accountId"`
	StoreID     string         `json:"retailStoreId"`
}

// status is the provider's word for where a payment stands.
type status string

// The words of the protocol.
const (
	inProgress status = "IN_PROGRESS"
	done       status = "DONE"
	rejected   status = "REJECTED"
)

// qr asks for the string of the code.
func (b *Bank) qr(ctx context.Context, id string, amount register.Money) (string, error) {
	body, err := b.call(ctx, methodQR, id, amount)
	if err != nil {
		return "", err
	}
	payload, err := decodeQR(body, id)
	if err != nil {
		return "", fmt.Errorf("qrpay: %s: %w", methodQR, err)
	}
	return payload, nil
}

// state asks where a payment stands.
func (b *Bank) state(ctx context.Context, id string, amount register.Money) (status, error) {
	body, err := b.call(ctx, methodState, id, amount)
	if err != nil {
		return "", err
	}
	word, err := decodeState(body, id)
	if err != nil {
		return "", fmt.Errorf("qrpay: %s: %w", methodState, err)
	}
	return word, nil
}

// cancel closes an unpaid payment or gives back so much of a paid one.
func (b *Bank) cancel(ctx context.Context, id string, amount register.Money) error {
	body, err := b.call(ctx, methodCancel, id, amount)
	if err != nil {
		return err
	}
	if err := decodeCancel(body); err != nil {
		return fmt.Errorf("qrpay: %s: %w", methodCancel, err)
	}
	return nil
}

// call signs a request, sends it and gives the body of an answer with HTTP 200. Its errors are those of banks.Bank and
// name the method.
func (b *Bank) call(ctx context.Context, method, id string, amount register.Money) ([]byte, error) {
	body, err := json.Marshal(request{Amount: amount, OperationID: id, AccountID: b.account, StoreID: b.store})
	if err != nil {
		return nil, fmt.Errorf("qrpay: %s: writing the request: %w", method, err)
	}
	token, err := b.signer.token(b.clock())
	if err != nil {
		return nil, fmt.Errorf("qrpay: %s: %w: signing the request: %w", method, banks.ErrUnknown, err)
	}
	re, err := b.http.Do(ctx, http.MethodPost, method, http.Header{
		"Authorization": {"Bearer " + token},
		"Content-Type":  {"application/json"},
		"Accept":        {"application/json"},
	}, string(body))
	if err != nil {
		return nil, fmt.Errorf("qrpay: %s: %w", method, err)
	}
	if re.Status == http.StatusOK {
		return re.Body, nil
	}
	return nil, fmt.Errorf("qrpay: %s: %w", method, refusal(method, re.Status, bytes.ReplaceAll(re.Body, []byte(token), []byte("***"))))
}

// decodeQR reads the answer to payment/qr. The document's sample answers with another id than it was asked with, and its
// text says that it is the caller's own: an answer about another operation is not believed.
func decodeQR(body []byte, id string) (string, error) {
	var re struct {
		OperationID string `json:"operationId"`
		Data        string `json:"data"`
	}
	if err := decode(body, &re); err != nil {
		return "", err
	}
	const most = 1024 // characters that a code still holds well
	switch {
	case re.OperationID != id:
		return "", fmt.Errorf("%w: it is about another operation", banks.ErrUnknown)
	case re.Data == "" || len(re.Data) > most || bankhttp.Clean(re.Data, most) != re.Data:
		return "", fmt.Errorf("%w: it holds no string for a code", banks.ErrUnknown)
	}
	return re.Data, nil
}

// decodeState reads the answer to payment/state. A word that is new to us is no answer.
func decodeState(body []byte, id string) (status, error) {
	var re struct {
		OperationID string `json:"operationId"`
		Status      status `json:"status"`
	}
	if err := decode(body, &re); err != nil {
		return "", err
	}
	if re.OperationID != id {
		return "", fmt.Errorf("%w: it is about another operation", banks.ErrUnknown)
	}
	switch re.Status {
	case inProgress, done, rejected:
		return re.Status, nil
	}
	return "", fmt.Errorf("%w: status %q", banks.ErrUnknown, bankhttp.Clean(string(re.Status), 40))
}

// decodeCancel reads the answer to payment/cancel. It is empty; a provider that says something in JSON, and no errors
// with it, is taken too. A page of somebody between is not.
func decodeCancel(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	return decode(body, &struct{}{})
}

func decode(body []byte, into any) error {
	var re struct {
		Errors json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &re) != nil || json.Unmarshal(body, into) != nil {
		return fmt.Errorf("%w: it is no such JSON", banks.ErrUnknown)
	}
	if len(re.Errors) > 0 && string(re.Errors) != "null" && string(re.Errors) != "[]" {
		return fmt.Errorf("%w: it says both yes and no", banks.ErrUnknown)
	}
	return nil
}

// refusal makes an error of an answer that is not HTTP 200. Refusals of the protocol have a status from 400 to 499 and a
// list of errors; everything else comes from somebody between, or is the provider's trouble, and tells nothing of the
// payment. The codes in the list are each provider's own: what a person can do about a refusal is told by the HTTP status
// and the method alone. A state is refused to whoever may ask for it only when there is no such payment: the request
// itself is always of the same form.
func refusal(method string, httpStatus int, body []byte) error {
	code, words := decodeErrors(body)
	if httpStatus < 400 || httpStatus > 499 || code == "" || httpStatus == http.StatusRequestTimeout || httpStatus == http.StatusTooManyRequests {
		return fmt.Errorf("%w: HTTP %d", banks.ErrUnknown, httpStatus)
	}
	reason := banks.ReasonOther
	switch {
	case httpStatus == http.StatusUnauthorized, httpStatus == http.StatusForbidden:
		reason = banks.ReasonSettings
	case method == methodState:
		return fmt.Errorf("%w: HTTP %d, %s: %s", banks.ErrNotFound, httpStatus, code, words)
	case httpStatus == http.StatusNotFound && method == methodCancel:
		return fmt.Errorf("%w: %s: %s", banks.ErrNotFound, code, words)
	case httpStatus == http.StatusNotFound:
		reason = banks.ReasonSettings // nothing can be missing yet but the account or the store
	case httpStatus == http.StatusConflict:
		reason = banks.ReasonState
	}
	return &banks.Refusal{Reason: reason, Code: code, Message: words}
}

// decodeErrors reads the list of errors: the codes, and their texts. The code is empty when it is no such list.
func decodeErrors(body []byte) (code, words string) {
	var re struct {
		Errors []struct {
			Error   string          `json:"error"`
			Code    json.RawMessage `json:"code"` // a number in the document
			Message string          `json:"errorMessage"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &re) != nil || len(re.Errors) == 0 {
		return "", ""
	}
	var codes, texts []string
	for _, e := range re.Errors {
		one := strings.Trim(string(e.Code), `"`)
		if quoted, err := strconv.Unquote(string(e.Code)); err == nil {
			one = quoted
		}
		codes = append(codes, one)
		texts = append(texts, strings.TrimSpace(e.Error+" "+e.Message))
	}
	const mostCode, mostWords = 20, 200
	code = bankhttp.Clean(strings.Join(codes, " "), mostCode)
	if code == "" {
		code = "-"
	}
	return code, bankhttp.Clean(strings.Join(texts, "; "), mostWords)
}
