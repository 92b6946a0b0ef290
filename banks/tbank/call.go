package tbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"kassa/banks"
)

// maxBody is far above any answer: CheckOrder with a hundred payments has about 30 kB.
const maxBody = 256 << 10

// headers are those of every request.
var headers = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}

// call signs a request, sends it and reads the answer. Its errors are those of banks.Bank and name the method.
func (b *Bank) call(ctx context.Context, method string, root map[string]any) (reply, error) {
	body, err := b.post(ctx, method, root)
	if err != nil {
		return reply{}, fmt.Errorf("tbank: %s: %w", method, err)
	}
	re, err := decode(body, b.terminal)
	var refusal *banks.Refusal
	if errors.As(err, &refusal) {
		refusal.Message = b.redact(refusal.Message)
		return reply{}, fmt.Errorf("tbank: %s: %w", method, refusal)
	}
	if err != nil {
		return reply{}, fmt.Errorf("tbank: %s: %w", method, err)
	}
	return re, nil
}

// post sends a request and gives the body of an answer with HTTP 200; everything else is banks.ErrUnknown.
func (b *Bank) post(ctx context.Context, method string, root map[string]any) ([]byte, error) {
	root["TerminalKey"] = b.terminal
	root["Token"] = b.sign(root)
	body, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("%w: writing the request: %w", banks.ErrUnknown, err)
	}
	res, err := b.http.Do(ctx, http.MethodPost, method, headers, string(body))
	switch {
	case err != nil:
		return nil, err
	case res.Status != http.StatusOK:
		return nil, fmt.Errorf("%w: HTTP %d", banks.ErrUnknown, res.Status)
	case len(res.Body) > maxBody:
		return nil, fmt.Errorf("%w: the answer is longer than %d bytes", banks.ErrUnknown, maxBody)
	}
	return res.Body, nil
}
