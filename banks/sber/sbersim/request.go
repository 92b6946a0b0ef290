package sbersim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// gateway is a refusal of the gateway's, before the bank itself sees the request.
type gateway struct {
	status int
	more   string
}

func (g gateway) Error() string { return fmt.Sprintf("HTTP %d: %s", g.status, g.more) }

// no is a refusal of the bank's.
type no struct{ code, words string }

func (n no) Error() string { return n.code + ": " + n.words }

// bad is what the gateway says of a request that the schema does not allow.
func bad(format string, args ...any) error {
	return gateway{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// The patterns of the schema.
var (
	uid     = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	moment  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$`)
	shortID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,8}$`)
	longID  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,36}$`)
	opID    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,50}$`)
	digits3 = regexp.MustCompile(`^[0-9]{1,3}$`)
	payerID = regexp.MustCompile(`^[A-Za-z0-9_\-\s+()*]{1,36}$`)
)

// layout is how the bank writes times.
const layout = "2006-01-02T15:04:05Z"

// field is one field of a request.
type field struct {
	required bool
	takes    func(v any) bool
}

func must(takes func(any) bool) field { return field{true, takes} }
func may(takes func(any) bool) field  { return field{false, takes} }

// like takes a string that fits a pattern.
func like(p *regexp.Regexp) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && p.MatchString(s)
	}
}

// words takes a string of at most n letters in one line, which the schema's ^.*$ means.
func words(n int) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && utf8.RuneCountInString(s) <= n && !strings.ContainsAny(s, "\r\n")
	}
}

// number takes a string of 1 to 36 letters.
func number(v any) bool { return v != "" && words(36)(v) }

func at(v any) bool {
	s, ok := v.(string)
	if !ok || !moment.MatchString(s) {
		return false
	}
	_, err := time.Parse(layout, s)
	return err == nil
}

func one(of ...string) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && slices.Contains(of, s)
	}
}

// whole takes an integer from zero to most.
func whole(most int64) func(any) bool {
	return func(v any) bool {
		n, ok := v.(json.Number)
		if !ok {
			return false
		}
		i, err := n.Int64()
		return err == nil && i >= 0 && i <= most
	}
}

// maxSum is the schema's largest sum.
const maxSum = 999_999_999_999_999

// positions takes order_params_type.
func positions(v any) bool {
	list, ok := v.([]any)
	if !ok || len(list) > 100_000 {
		return false
	}
	for _, item := range list {
		position, ok := item.(map[string]any)
		if !ok || request(position).check(positionFields) != nil {
			return false
		}
	}
	return true
}

type schema map[string]field

var positionFields = schema{
	"position_name": must(words(256)), "position_count": may(whole(999_999)), "position_sum": may(whole(maxSum)),
	"position_description": may(words(1024)),
}

// schemas are the fields of each method. Others are refused: additionalProperties is false.
var schemas = map[string]schema{
	"creation": {
		"rq_uid": must(like(uid)), "rq_tm": must(at), "member_id": must(like(shortID)), "order_number": must(number),
		"order_create_date": must(at), "id_qr": must(like(longID)), "order_sum": must(whole(maxSum)), "currency": must(like(digits3)),
		"order_params_type": may(positions), "description": may(words(256)), "sbp_member_id": may(one("100000000111", "110000000111")),
	},
	"status": {
		"rq_uid": must(like(uid)), "rq_tm": must(at), "tid": must(like(shortID)), "partner_order_number": must(number),
		"order_id": may(like(longID)),
	},
	"revocation": {"rq_uid": must(like(uid)), "rq_tm": must(at), "order_id": must(like(longID))},
	"cancel": {
		"rq_uid": must(like(uid)), "rq_tm": must(at), "order_id": must(like(longID)), "operation_id": must(like(opID)),
		"auth_code": must(like(shortID)), "id_qr": must(like(longID)), "tid": must(like(shortID)),
		"cancel_operation_sum": must(whole(maxSum)), "operation_currency": must(like(digits3)),
		"operation_type": may(one("REFUND", "REVERSE")), "sbp_payer_id": may(like(payerID)), "operation_description": may(words(140)),
	},
	"registry": {
		"rqUid": must(like(uid)), "rqTm": must(at), "idQR": must(like(longID)), "startPeriod": must(at), "endPeriod": must(at),
		"registryType": must(one("REGISTRY", "QUANTITY")),
	},
}

// request is a request's root object.
type request map[string]any

// read takes a request apart and checks it against the schema.
func read(method string, r *http.Request, body []byte) (request, error) {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		return nil, bad("Content-Type must be application/json")
	}
	if !utf8.Valid(body) {
		return nil, bad("the body is not UTF-8")
	}
	var q request
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&q); err != nil || q == nil || d.More() {
		return nil, bad("the body is no JSON object")
	}
	if err := q.check(schemas[method]); err != nil {
		return nil, err
	}
	if header := r.Header.Get("RqUID") + r.Header.Get("x-Introspect-RqUID"); header != q.uid() {
		return nil, bad("the header RqUID is not the body's rq_uid")
	}
	return q, nil
}

func (q request) check(s schema) error {
	for name := range q {
		if _, known := s[name]; !known {
			return bad("additional property %s", name)
		}
	}
	for name, f := range s {
		v, there := q[name]
		switch {
		case !there && f.required:
			return bad("property %s is required", name)
		case there && !f.takes(v):
			return bad("property %s does not match its schema", name)
		}
	}
	return nil
}

func (q request) text(name string) string {
	s, _ := q[name].(string)
	return s
}

func (q request) whole(name string) int64 {
	n, _ := q[name].(json.Number)
	i, _ := n.Int64()
	return i
}

func (q request) uid() string { return q.text("rq_uid") + q.text("rqUid") }
