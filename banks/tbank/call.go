package tbank

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"kassa/banks"
)

// maxBody is far above any answer: CheckOrder with a hundred payments has about 30 kB.
const maxBody = 256 << 10

// call signs a request, sends it and reads the answer. Its errors are those of banks.Bank and name the method.
func (b *Bank) call(ctx context.Context, method string, root map[string]any) (reply, error) {
	ctx, stop := context.WithTimeout(ctx, b.timeout)
	defer stop()
	body, err := b.post(ctx, method, root)
	if err != nil {
		return reply{}, fmt.Errorf("tbank: %s: %w: %w", method, banks.ErrUnknown, err)
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

// post sends a request and gives the body of an answer with HTTP 200; everything else is an error.
func (b *Bank) post(ctx context.Context, method string, root map[string]any) ([]byte, error) {
	root["TerminalKey"] = b.terminal
	root["Token"] = b.sign(root)
	body, err := json.Marshal(root)
	if err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+method, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "kassa")

	res, err := b.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	switch {
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("HTTP %d", res.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("reading the answer: %w", err)
	case len(answer) > maxBody:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxBody)
	}
	return answer, nil
}
