package atolsim

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// other reads a task that makes no document; nil with an error in f where there is no such task.
func (s *Server) other(f *fields, name string) getter {
	noMarks := s.noMarks
	switch name {
	case "continuePrint":
		f.others()
		return func() (any, error) { return nil, s.device.Resume() }
	case "printFnDocument":
		n, _ := f.number("fiscalDocumentNumber", true, 1)
		f.others()
		return func() (any, error) { return nil, s.device.Copy(n) }
	case "printLastReceiptCopy":
		f.others()
		return func() (any, error) { return nil, s.copyLast() }
	case "getFnDocument":
		n, _ := f.number("fiscalDocumentNumber", true, 1)
		raw := f.flag("withRawData")
		f.others()
		return func() (any, error) { return s.fnDocument(n, raw, noMarks) }
	case "nonFiscal":
		var d fnsim.Document
		for _, item := range f.list("items", true) {
			readItem(item, &d, false)
		}
		f.others("printFooter")
		return s.nonFiscal
	case "openCashDrawer":
		f.others()
		return func() (any, error) { _, err := s.device.Status(); return nil, err }
	}
	ask, known := tasks[name]
	if !known {
		f.fail("type", "неизвестное задание")
		return nil
	}
	f.others()
	return func() (any, error) {
		st, err := s.device.Status()
		if err != nil {
			return nil, err
		}
		return ask(st, nil)
	}
}

// nonFiscal is a slip that is no document: it needs paper, and leaves no trace.
func (s *Server) nonFiscal() (any, error) {
	st, err := s.device.Status()
	switch {
	case err != nil:
		return nil, err
	case st.CoverOpen:
		return nil, &fnsim.Error{Code: fnsim.CoverOpen}
	case st.PaperOut:
		return nil, &fnsim.Error{Code: fnsim.NoPaper}
	}
	return nil, nil
}

func (s *Server) copyLast() error {
	all := s.device.Records()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Kind.Receipt() {
			return s.device.Copy(all[i].Number)
		}
	}
	return &fnsim.Error{Code: fnsim.FNNoData}
}

// question gives an answer out of the device's state. The query is the URL's.
type question func(st fnsim.Status, q url.Values) (any, error)

// questions are those of POST /api/v2/operations/….
var questions = map[string]question{
	"queryDeviceInfo": deviceInfo, "queryDeviceStatus": deviceStatus, "queryFnInfo": withFN(fnInfo), "queryFnStatus": withFN(fnStatus),
	"queryShiftStatus": func(st fnsim.Status, _ url.Values) (any, error) { return shiftStatus(st, "expiredAt"), nil },
	"queryShiftTotals": func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"shiftTotals": map[string]any{"cashDrawerTotals": sum(st.Drawer), "incomeTotals": count(st.Totals.In),
			"outcomeTotals": count(st.Totals.Out), "receiptsTotals": receiptsTotals(st)}}, nil
	},
	"queryIncomeTotals": func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"incomeTotals": count(st.Totals.In)}, nil
	},
	"queryOutcomeTotals": func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"outcomeTotals": count(st.Totals.Out)}, nil
	},
	"queryReceiptTotals": func(st fnsim.Status, q url.Values) (any, error) {
		totals, known := receiptsTotals(st)[q.Get("type")]
		if !known {
			return nil, invalid{"type", "недопустимое значение"}
		}
		return map[string]any{"receiptTotals": totals}, nil
	},
	"queryOfdExchangeStatus": withFN(func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"ofdExchangeStatus": exchange(st), "ofdExchangeErrors": exchangeErrors(st)}, nil
	}),
}

// tasks are the questions that go through the queue; some of their answers have other names.
var tasks = map[string]question{
	"getDeviceInfo": deviceInfo, "getDeviceStatus": deviceStatus, "getFnStatus": withFN(fnStatus),
	"getFnInfo": withFN(func(st fnsim.Status, q url.Values) (any, error) {
		a, err := fnInfo(st, q)
		info := a.(map[string]any)["fnInfo"].(map[string]any)
		info["validityDate"] = stamp(st.FNUntil)
		delete(info, "validity")
		return a, err
	}),
	"getShiftStatus": func(st fnsim.Status, _ url.Values) (any, error) { return shiftStatus(st, "expiredTime"), nil },
	"getShiftTotals": func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"shiftTotals": map[string]any{"shiftNumber": st.Number, "cashDrawer": sum(st.Drawer), "income": count(st.Totals.In),
			"outcome": count(st.Totals.Out), "receipts": receiptsTotals(st)}}, nil
	},
	"getCashDrawerStatus": func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"cashDrawerStatus": map[string]any{"cashDrawerOpened": false}, "counters": map[string]any{"cashSum": amount(st.Drawer)}}, nil
	},
	"ofdExchangeStatus": withFN(func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"status": exchange(st), "errors": exchangeErrors(st)}, nil
	}),
	"getRegistrationInfo": withFN(func(st fnsim.Status, _ url.Values) (any, error) {
		return map[string]any{"device": map[string]any{"registrationNumber": st.Registration, "ffdVersion": st.FFD, "fnsUrl": fnsURL},
			"organization": map[string]any{"name": st.User, "vatin": st.INN}}, nil
	}),
}

const fnsURL = "www.nalog.gov.ru"

// withFN answers with the error 166 where the device has no fiscal storage.
func withFN(ask question) question {
	return func(st fnsim.Status, q url.Values) (any, error) {
		if st.FN == "" {
			return nil, &fnsim.Error{Code: fnsim.NoFN}
		}
		return ask(st, q)
	}
}

func deviceInfo(st fnsim.Status, _ url.Values) (any, error) {
	return map[string]any{"deviceInfo": map[string]any{"serial": st.Serial, "model": 69, "modelName": st.Model, "firmwareVersion": "5812",
		"appVersion": "5.8.12", "ffdVersion": st.FFD, "fnFfdVersion": st.FFD, "receiptLineLength": st.Width, "receiptLineLengthPix": st.Width * 12}}, nil
}

func deviceStatus(st fnsim.Status, _ url.Values) (any, error) {
	return map[string]any{"deviceStatus": map[string]any{"currentDateTime": stamp(st.Clock), "shift": shiftStates[st.Shift], "blocked": false,
		"coverOpened": st.CoverOpen, "paperPresent": !st.PaperOut, "fiscal": true, "fnFiscal": st.FN != "", "fnPresent": st.FN != "",
		"cashDrawerOpened": false}}, nil
}

var shiftStates = map[fiscal.ShiftState]string{fiscal.ShiftClosed: "closed", fiscal.ShiftOpen: "opened", fiscal.ShiftExpired: "expired"}

func shiftStatus(st fnsim.Status, expires string) any {
	a := map[string]any{"number": st.Number, "state": shiftStates[st.Shift], "documentsCount": st.Receipts}
	if !st.Expires.IsZero() {
		a[expires] = stamp(st.Expires)
	}
	return map[string]any{"shiftStatus": a}
}

func fnWarnings(st fnsim.Status) any {
	return map[string]any{"criticalError": false, "memoryOverflow": st.FNFull, "needReplacement": st.FNExhausted, "ofdTimeout": st.OFDTimeout,
		"resourceExhausted": st.FNReplace}
}

func fnInfo(st fnsim.Status, _ url.Values) (any, error) {
	return map[string]any{"fnInfo": map[string]any{"serial": st.FN, "livePhase": "fiscalMode", "ffdVersion": st.FFD, "fnFfdVersion": st.FFD,
		"warnings": fnWarnings(st), "validity": map[string]any{"validityDate": stamp(st.FNUntil), "numberOfRegistrations": 1, "registrationsRemaining": 29}}}, nil
}

func fnStatus(st fnsim.Status, _ url.Values) (any, error) {
	return map[string]any{"fnStatus": map[string]any{"fiscalDocumentNumber": st.Last, "fiscalReceiptNumber": st.Receipts, "warnings": fnWarnings(st)}}, nil
}

func exchange(st fnsim.Status) any {
	a := map[string]any{"notSentCount": st.Unsent, "notSentFirstDocNumber": st.FirstUnsent, "notSentFirstDocDateTime": "1970-01-01T00:00:00+00:00"}
	if st.Unsent > 0 {
		a["notSentFirstDocDateTime"] = stamp(st.UnsentSince)
	}
	return a
}

func exchangeErrors(st fnsim.Status) any {
	none := map[string]any{"code": 0, "description": "Ошибок нет"}
	network := none
	if st.Unsent > 0 {
		network = map[string]any{"code": 13617, "description": "Отсутствует физический канал связи"}
	}
	return map[string]any{"fnCommandCode": 0, "documentNumber": st.FirstUnsent, "fn": none, "ofd": none, "network": network}
}

func receiptsTotals(st fnsim.Status) map[string]any {
	all := map[string]any{}
	for name, kind := range map[string]fiscal.Kind{"sell": fiscal.Sale, "sellReturn": fiscal.Return, "buy": "", "buyReturn": ""} {
		t := st.Totals.Receipts[kind]
		all[name] = map[string]any{"count": t.Count.Count, "sum": amount(t.Sum), "payments": map[string]any{"cash": amount(t.Payments.Cash),
			"electronically": amount(t.Payments.Electronic), "prepaid": amount(t.Payments.Prepaid), "credit": amount(t.Payments.Credit),
			"other": amount(t.Payments.Other), "userTypes": []int{0, 0, 0, 0, 0}}}
	}
	return all
}

func sum(m register.Money) any { return map[string]any{"sum": amount(m)} }
func count(c fnsim.Count) any  { return map[string]any{"sum": amount(c.Sum), "count": c.Count} }
func stamp(t time.Time) string { return t.Format(time.RFC3339) }
func amount(m register.Money) any {
	return json.Number(strconv.FormatFloat(float64(m)/100, 'f', -1, 64))
}

// documentResult is what the service tells of a document that was made.
func documentResult(r fnsim.Record, recovered bool) any {
	if !r.Kind.Stored() {
		if r.Kind == fiscal.XReport {
			return nil
		}
		return map[string]any{"counters": map[string]any{"cashSum": amount(r.Drawer)}}
	}
	p := map[string]any{"fiscalDocumentNumber": r.Number, "fiscalDocumentSign": fmt.Sprintf("%010d", r.Sign),
		"fiscalDocumentDateTime": stamp(r.At), "shiftNumber": r.Shift, "fnNumber": r.FN, "registrationNumber": r.Registration, "fnsUrl": fnsURL}
	switch {
	case r.Kind == fiscal.CloseShift:
		p["receiptsCount"] = r.Receipts
	case r.Kind.Receipt():
		p["total"], p["fiscalReceiptNumber"] = amount(r.Sum), r.InShift
	}
	warnings := map[string]any{"notPrinted": r.NotPrinted}
	if recovered {
		warnings["recovered"] = true
	}
	a := map[string]any{"fiscalParams": p, "warnings": warnings}
	if r.AutoOpened {
		a["shiftAutoOpened"] = true
	}
	return a
}

// documentTypes are the service's names of documents in the fiscal storage.
var documentTypes = map[fiscal.Kind]string{
	fiscal.OpenShift: "openShift", fiscal.CloseShift: "closeShift", fiscal.Sale: "receipt", fiscal.Return: "receipt",
	fiscal.SaleCorrection: "receiptCorrection", fiscal.ReturnCorrection: "receiptCorrection", fnsim.Registering: "registration",
}

// fnDocument is the answer to getFnDocument: the document's tags.
func (s *Server) fnDocument(number int64, raw, noMarks bool) (any, error) {
	r, err := s.device.Find(number)
	if err != nil {
		return nil, err
	}
	tags := r.Tags()
	// Six bytes: two of the fiscal storage's own, and the sign.
	tags["1077"] = base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32([]byte{0x21, 0x04}, r.Sign))
	if noMarks {
		delete(tags, "1084")
	}
	tlv := tagsJSON(tags)
	tlv["fiscalDocumentType"], tlv["short"] = documentTypes[r.Kind], false
	if r.QR != "" {
		tlv["qr"] = r.QR
	}
	a := map[string]any{"documentTLV": tlv}
	if raw {
		a["rawData"] = ""
	}
	return a, nil
}

// tagsJSON writes tags as the driver does: sums in roubles, containers as arrays.
func tagsJSON(tags fnsim.Tags) map[string]any {
	out := map[string]any{}
	for tag, v := range tags {
		switch v := v.(type) {
		case register.Money:
			out[tag] = amount(v)
		case register.Quantity:
			out[tag] = json.Number(v.String())
		case time.Time:
			out[tag] = stamp(v)
		case fnsim.Tags:
			out[tag] = []any{tagsJSON(v)}
		case []fnsim.Tags:
			list := []any{}
			for _, one := range v {
				list = append(list, tagsJSON(one))
			}
			out[tag] = list
		default:
			out[tag] = v
		}
	}
	return out
}
