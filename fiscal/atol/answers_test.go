package atol

import (
	"encoding/json"
	"errors"
	"fmt"

	"strings"
	"testing"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// TestMakersExample reads the maker's own example of a receipt.
func TestMakersExample(t *testing.T) {
	s := &script{post: []answer{created}, get: []answer{result("wait", "0", ""), result("inProgress", "0", ""), {200, exampleReady}}, ask: standsAt1041()}
	d := s.open(t, nil)
	try := fiscal.Try{ID: "0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77", Before: before1041, Document: example()}
	try.Before.Drawer = 7 // of no matter to a receipt
	r, err := d.Make(t.Context(), try)
	if err != nil {
		t.Fatal(err)
	}
	at := r.At
	r.At = time.Time{}
	want := fiscal.Receipt{FN: "9999078902000123", Number: 1042, Sign: 2780318453, Shift: 37, InShift: 5, Registration: "0000000001061770", Total: 446_44,
		QR: "t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1"}
	if r != want || at.Format(time.RFC3339) != "2026-03-14T12:05:00+03:00" {
		t.Errorf("%+v at %v", r, at)
	}
	if len(s.posted) != 1 || !strings.HasPrefix(s.posted[0], `{"uuid":"0198f3c2-7d10-7a54-9b1e-2f6a1c0d4e77","request":[{"type":"sell",`) {
		t.Errorf("%q", s.posted)
	}
}

// TestHowItEnds holds what is known of a document after each answer of the service.
func TestHowItEnds(t *testing.T) {
	fault := func(status int, code string) answer {
		return answer{status, `{"error":{"code":` + code + `,"description":"Беда kassa:` + secret + `"}}`}
	}
	page := func(status int) answer { return answer{status, "<html><body>gateway</body></html>"} }
	ready := answer{200, exampleReady}
	gone := answer{404, `{"error":{"code":505,"description":"Задание не найдено"}}`}
	for name, c := range map[string]struct {
		post, get []answer
		fate      error // nil: it is made
		trouble   fiscal.Trouble
		posts     int
	}{
		"made":                                {[]answer{created}, []answer{ready}, nil, "", 1},
		"known already":                       {[]answer{fault(409, "501")}, []answer{ready}, nil, "", 1},
		"busy, and taken":                     {[]answer{fault(408, "3")}, []answer{ready}, nil, "", 1},
		"busy, and not taken":                 {[]answer{fault(408, "3"), created}, []answer{gone, ready}, nil, "", 2},
		"a gateway's error, and taken":        {[]answer{page(502)}, []answer{ready}, nil, "", 1},
		"its own error, and not taken":        {[]answer{fault(500, "503"), created}, []answer{gone, ready}, nil, "", 2},
		"the connection broke, and taken":     {[]answer{{}}, []answer{ready}, nil, "", 1},
		"the connection broke, and not taken": {[]answer{{}, created}, []answer{gone, ready}, nil, "", 2},
		"blocked, and restored":               {[]answer{created}, []answer{result("blocked", "241", "Связь потеряна"), ready}, nil, "", 1},
		"nonsense in between":                 {[]answer{created}, []answer{page(200), {200, ""}, {200, "null"}, {200, `{"results":[]}`}, {200, `{"results":[{"status":"great"}]}`}, ready}, nil, "", 1},
		"errors in between":                   {[]answer{created}, []answer{page(503), fault(408, "3"), {}, ready}, nil, "", 1},

		"no account":               {[]answer{fault(401, "505")}, nil, fiscal.ErrAbsent, fiscal.TroubleAccess, 1},
		"no account, in its words": {[]answer{{401, `{"code":505,"description":"unauthorized"}`}}, nil, fiscal.ErrAbsent, fiscal.TroubleAccess, 1},
		"no account, no words":     {[]answer{{401, ""}}, nil, fiscal.ErrAbsent, fiscal.TroubleAccess, 1},
		"a device not activated":   {[]answer{fault(403, "505")}, nil, fiscal.ErrAbsent, fiscal.TroubleOff, 1},
		"no such device":           {[]answer{fault(404, "505")}, nil, fiscal.ErrAbsent, fiscal.TroubleOther, 1},
		"a format that is wrong":   {[]answer{fault(420, "501")}, nil, fiscal.ErrRefused, fiscal.TroubleDocument, 1},
		"a request that is wrong":  {[]answer{fault(400, "503")}, nil, fiscal.ErrRefused, fiscal.TroubleDocument, 1},

		"an expired shift":      {[]answer{created}, []answer{result("error", "68", "Смена превысила 24 часа")}, fiscal.ErrRefused, fiscal.TroubleShiftExpired, 1},
		"no link":               {[]answer{created}, []answer{result("error", "2", "Нет связи")}, fiscal.ErrRefused, fiscal.TroubleOff, 1},
		"interrupted":           {[]answer{created}, []answer{result("interrupted", "502", "")}, fiscal.ErrRefused, fiscal.TroubleOther, 1},
		"canceled":              {[]answer{created}, []answer{result("canceled", "0", "")}, fiscal.ErrRefused, fiscal.TroubleOther, 1},
		"blocked for ever":      {[]answer{created}, []answer{result("blocked", "44", "Нет бумаги")}, fiscal.ErrUnknown, fiscal.TroublePaper, 1},
		"waiting for ever":      {[]answer{created}, []answer{result("wait", "0", "")}, fiscal.ErrUnknown, fiscal.TroubleBusy, 1},
		"pages for ever":        {[]answer{created}, []answer{page(200)}, fiscal.ErrUnknown, fiscal.TroubleOther, 1},
		"another program":       {[]answer{page(404)}, []answer{page(404)}, fiscal.ErrUnknown, fiscal.TroubleOff, 1},
		"an account taken away": {[]answer{created}, []answer{fault(401, "505")}, fiscal.ErrUnknown, fiscal.TroubleAccess, 1},
		"an error that cannot be read": {[]answer{created}, []answer{{200, `{"results":[{"status":"error","error":{"code":-1,"description":{}}}]}`}},
			fiscal.ErrRefused, fiscal.TroubleOther, 1},
		"not fiscal": {[]answer{created}, []answer{{200, strings.Replace(exampleReady, `"notPrinted":false`, `"nonFiscal":true`, 1)}},
			fiscal.ErrRefused, fiscal.TroubleUnregistered, 1},
		"made, and the answer is not whole": {[]answer{created}, []answer{{200, strings.Replace(exampleReady, "fiscalDocumentSign", "sign", 1)}},
			fiscal.ErrUnknown, fiscal.TroubleOther, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &script{post: c.post, get: c.get, ask: standsAt1041()}
			d := s.open(t, func(c *Config) { c.Deadline = 300 * time.Millisecond })
			r, err := d.Make(t.Context(), fiscal.Try{ID: "u", Before: before1041, Document: example()})
			if c.fate == nil && (err != nil || r.Number != 1042) {
				t.Fatalf("%+v, %v", r, err)
			}
			if c.fate != nil && (!errors.Is(err, c.fate) || fiscal.TroubleOf(err) != c.trouble) {
				t.Errorf("%v, want %v: %s", err, c.fate, c.trouble)
			}
			if len(s.posted) != c.posts {
				t.Errorf("it was sent %d times, want %d", len(s.posted), c.posts)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("it tells the password: %v", err)
			}
		})
	}
}

// TestCodes sorts the driver's errors.
func TestCodes(t *testing.T) {
	for trouble, codes := range map[fiscal.Trouble][]code{
		fiscal.TroubleOff: {1, 2, 4, 241, 277}, fiscal.TroubleBusy: {3, 55, 601}, fiscal.TroublePaper: {44, 32, 151}, fiscal.TroubleCover: {45},
		fiscal.TroubleMechanism: {46, 47, 114, 150}, fiscal.TroubleShiftExpired: {68, 141}, fiscal.TroubleShiftClosed: {73},
		fiscal.TroubleShiftOpen: {83}, fiscal.TroubleCash: {80, 53}, fiscal.TroubleClock: {35, 36, 122, 142, 198},
		fiscal.TroubleUnregistered: {89, 166}, fiscal.TroubleMemory: {115, 118, 120, 121, 136}, fiscal.TroubleUnsent: {137},
		fiscal.TroubleDocument: {8, 13, 16, 17, 66, 143, 144, 145, 146, 205, 216, 217, 227, 243, 412, 501, 416, 420},
		fiscal.TroubleCannot:   {11, 413}, fiscal.TroubleOther: {noCode, 0, 12, 500, 503, 1999, 99999},
	} {
		for _, c := range codes {
			if got := (fault{Code: c}).trouble(); got != trouble {
				t.Errorf("%d is %s, want %s", c, got, trouble)
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]register.Money{
		"446.44": 446_44, "446.44000000000005": 446_44, "179.79999999999998": 179_80, "0": 0, "1000": 1000_00, "0.1": 10, "-0.05": -5,
		"99999999.99": 99999999_99, "0.30000000000000004": 30,
	} {
		if got, err := kopecks(text); err != nil || got != want {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1e3", "0.005", "1.001", "NaN", "1,5", "--1", ".5", "9999999999999", "1.2.3", " 1", "0x10"} {
		if got, err := kopecks(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
	for text, want := range map[string]uint32{
		"2780318453": 2780318453, "0024109209": 24109209, "IQSlt/L1": 0xa5b7f2f5, "2104a5b7f2f5": 0xa5b7f2f5, "0": 0,
	} {
		if got, err := sign(text); err != nil || got != want {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "4294967296", "99999999999", "-1", "IQSlt/L1AA==", "знак"} {
		if got, err := sign(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}

// TestFormatIsAsked asks the device for the version of the format where the fiscal storage does not tell it.
func TestFormatIsAsked(t *testing.T) {
	for told, want := range map[string]string{`{"deviceInfo":{"ffdVersion":"1.2"}}`: `"measurementUnit":"piece"`, `{"deviceInfo":{"ffdVersion":"1.10"}}`: `"measurementUnit":"шт"`,
		`{"deviceInfo":{"ffdVersion":"unknown"}}`: `"measurementUnit":"шт"`} {
		s := &script{post: []answer{created}, get: []answer{{200, exampleReady}}, ask: standsAt1041()}
		s.ask["FnInfo"] = answer{200, `{"fnInfo":{"serial":"9999078902000123"}}`}
		s.ask["DeviceInfo"] = answer{200, told}
		if _, err := s.open(t, nil).Make(t.Context(), fiscal.Try{ID: "u", Before: before1041, Document: example()}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(s.posted[0], want) {
			t.Errorf("%s: %s", told, s.posted[0])
		}
	}
}

// TestUnreadableMemory holds that a document which cannot be read leaves a doubt, and does not stop the search.
func TestUnreadableMemory(t *testing.T) {
	memory := func(tlv string) answer {
		return answer{200, `{"results":[{"status":"ready","error":{"code":0},"result":{"documentTLV":` + tlv + `}}]}`}
	}
	ours := memory(`{"fiscalDocumentType":"bso","1012":"2026-03-14T12:05:00+03:00","1020":446.44,"1054":1,"1081":446.44,"1031":0,"1038":37,"1077":2780318453,
		"1084":{"1085":"Операция","1086":"0198f3c2"}}`)
	outline := memory(`{"fiscalDocumentType":"receipt","short":true,"1020":446.44,"1054":1,"1077":"2780318453"}`)
	gone := answer{404, `{"error":{"code":505,"description":"Задание не найдено"}}`}
	for name, c := range map[string]struct {
		docs []answer
		want error
	}{
		"ours behind one that cannot be read": {[]answer{result("error", "162", ""), ours}, nil},
		"ours behind one of another kind":     {[]answer{memory(`{"fiscalDocumentType":"closeShift","1020":{"odd":[]}}`), ours}, nil},
		"ours behind one that is odd":         {[]answer{memory(`{"fiscalDocumentType":"receipt","1020":{}}`), ours}, nil},
		"ours without its sign":               {[]answer{memory(`{"fiscalDocumentType":"receipt","1020":446.44,"1054":1,"1081":446.44,"1084":{"1085":"Операция","1086":"0198f3c2"}}`)}, fiscal.ErrUnclear},
		"an outline of one that is alike":     {[]answer{outline}, fiscal.ErrUnclear},
		"one that cannot be read":             {[]answer{result("error", "123", "")}, fiscal.ErrUnclear},
		"nothing like it":                     {[]answer{memory(`{"fiscalDocumentType":"receipt","short":true,"1020":446.43,"1054":1}`)}, fiscal.ErrAbsent},
		"a device that is busy":               {[]answer{result("error", "55", "")}, fiscal.ErrUnknown},
		"a device that shows no documents":    {[]answer{result("error", "11", "")}, fiscal.ErrUnclear},
		"a service that knows no such task":   {[]answer{result("error", "501", "")}, fiscal.ErrUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{post: []answer{created}, get: append([]answer{gone}, c.docs...), ask: standsAt1041()}
			s.ask["FnStatus"] = answer{200, fmt.Sprintf(`{"fnStatus":{"fiscalDocumentNumber":%d}}`, 1041+len(c.docs))}
			r, err := s.open(t, nil).Find(t.Context(), fiscal.Try{ID: "u", Before: before1041, Document: example()})
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, %v, want %v", r, err, c.want)
			}
			if c.want == nil && (!r.Found || r.Sign != 2780318453 || r.Number != 1043 || r.Shift != 37) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestTheStorageHasTheLastWord holds that an error of the service is no refusal while the fiscal storage may say otherwise:
// the device may have gone in the middle of a receipt that it closed.
func TestTheStorageHasTheLastWord(t *testing.T) {
	alike := answer{200, `{"results":[{"status":"ready","error":{"code":0},"result":{"documentTLV":
		{"fiscalDocumentType":"receipt","1020":446.44,"1054":1,"1081":446.44,"1031":0,"1077":2780318453}}}]}`}
	other := answer{200, `{"results":[{"status":"ready","error":{"code":0},"result":{"documentTLV":{"fiscalDocumentType":"receipt","1020":1,"1054":1}}}]}`}
	for name, c := range map[string]struct {
		status, document answer
		want             error
	}{
		"it does not answer now":     {answer{}, answer{}, fiscal.ErrUnknown},
		"it is busy":                 {answer{408, `{"error":{"code":3,"description":""}}`}, answer{}, fiscal.ErrUnknown},
		"it has one that is alike":   {answer{200, `{"fnStatus":{"fiscalDocumentNumber":1042}}`}, alike, fiscal.ErrUnclear},
		"it has somebody else's":     {answer{200, `{"fnStatus":{"fiscalDocumentNumber":1042}}`}, other, fiscal.ErrRefused},
		"it has nothing new":         {answer{200, `{"fnStatus":{"fiscalDocumentNumber":1041}}`}, answer{}, fiscal.ErrRefused},
		"it has been emptied, or so": {answer{200, `{"fnStatus":{"fiscalDocumentNumber":7}}`}, answer{}, fiscal.ErrUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{post: []answer{created}, get: []answer{result("error", "4", "Порт недоступен"), c.document}, ask: standsAt1041()}
			s.ask["FnStatus"] = c.status
			r, err := s.open(t, nil).Find(t.Context(), fiscal.Try{ID: "u", Before: before1041, Document: example()})
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, %v, want %v", r, err, c.want)
			}
		})
	}
}

// TestADeviceThatTellsNoDrawer makes documents all the same: what the drawer holds is of use to moves of cash alone, and only
// after an answer was lost.
func TestADeviceThatTellsNoDrawer(t *testing.T) {
	for refusal, known := range map[answer]bool{{420, `{"error":{"code":11,"description":"Не поддерживается"}}`}: true,
		{420, `{"error":{"code":73,"description":"Смена закрыта"}}`}: true, {408, `{"error":{"code":3,"description":""}}`}: false, {}: false} {
		s := &script{post: []answer{created}, get: []answer{{200, exampleReady}}, ask: standsAt1041()}
		s.ask["ShiftTotals"] = refusal
		d := s.open(t, nil)
		b, err := d.Before(t.Context())
		if (err == nil) != known || known && (b.FN != before1041.FN || b.Last != 1041 || b.Drawer != 0) {
			t.Fatalf("%v: %+v, %v", refusal, b, err)
		}
		in := fiscal.Document{Kind: fiscal.CashIn, Total: 100_00}
		if _, err := d.Make(t.Context(), fiscal.Try{ID: "u", Before: b, Document: in}); (err == nil) != known {
			t.Errorf("%v: %v", refusal, err)
		}
		s.get = nil // forgotten
		if _, err := d.Find(t.Context(), fiscal.Try{ID: "u", Before: b, Document: in}); known && !errors.Is(err, fiscal.ErrUnclear) {
			t.Errorf("%v: %v", refusal, err)
		}
	}
}

// FuzzAnswers reads whatever a service, or somebody in its place, may answer.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		exampleReady, created.body, `{"error":{"code":68,"description":"Смена превысила 24 часа"}}`, `{"code":505,"description":"unauthorized"}`,
		`{"documentTLV":{"fiscalDocumentType":"receipt","short":false,"1020":446.44,"1054":1,"1081":446.44,"1012":"2026-03-14T12:05:00+03:00","1077":"IQSlt/L1",
		  "1084":[{"1085":"Операция","1086":"0198f3c2"}],"1059":[{"1030":"Молоко"}],"qr":"t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1"}}`,
		`{"documentTLV":{"fiscalDocumentType":"openShift","1040":2}}`, `{"results":[{"status":"ready","result":{"fiscalParams":null}}]}`, `[]`, `null`, `"`, `<html>`,
		`{"results":[{"status":"error","error":{"code":1e99}}]}`, `{"fiscalParams":{"fiscalDocumentNumber":-1,"total":"1e400"}}`,
	} {
		f.Add([]byte(seed))
	}
	doc := example()
	f.Fuzz(func(t *testing.T, body []byte) {
		readFault(body)
		if o, err := readOutcome(body); err == nil {
			if o.Status == "" {
				t.Error("an outcome without a status")
			}
			checkReceipt(t, o.Result)
		}
		checkReceipt(t, body)
		for _, to := range []any{&struct{ FnInfo fnInfo }{}, &struct{ ShiftStatus shiftStatus }{}, &struct{ Status exchange }{}, &deviceStatus{}} {
			_ = json.Unmarshal(body, to)
		}
		d, err := readDocument(body, "receipt")
		if err != nil {
			return
		}
		if like := d.is(doc); like == itself && (d.Total == nil || register.Money(*d.Total) != doc.Total) {
			t.Errorf("%+v is taken for another", d)
		}
		if r, err := d.receipt("9999078902000123", 1042, fiscal.Sale); err == nil && (r.At.IsZero() || !r.Found) {
			t.Errorf("%+v", r)
		}
	})
}

// checkReceipt holds that fiscal data that are taken are whole.
func checkReceipt(t *testing.T, body []byte) {
	r, err := readReceipt(body, fiscal.Sale)
	if err == nil && (r.Number <= 0 || len(r.FN) != 16 || r.At.IsZero() || r.Total < 0 || r.QR == "") {
		t.Errorf("%+v", r)
	}
	if err != nil && !errors.Is(err, errNonsense) && !errors.Is(err, errNonFiscal) {
		t.Error(err)
	}
}

// TestTimeOfAnOutline takes the time of a document from its QR code where the device's memory has no other.
func TestTimeOfAnOutline(t *testing.T) {
	for qr, want := range map[string]string{
		"t=20260314T1205&s=446.44&fn=9999078902000123&i=1042&fp=2780318453&n=1": "2026-03-14 12:05:00",
		"t=20190418T211655&s=3943.26&fn=9282000100072197&i=64318&n=1":           "2019-04-18 21:16:55",
		"s=1&t=yesterday": "0001-01-01 00:00:00", "": "0001-01-01 00:00:00",
	} {
		if got := momentOf(qr).Format(time.DateTime); got != want {
			t.Errorf("%q is of %s, want %s", qr, got, want)
		}
	}
}
