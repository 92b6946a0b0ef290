package fnsim

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"kassa/fiscal"
	"kassa/register"
)

// Tags are a document as the format has it: values by the number of their tag. A value is a string, an int64, a
// register.Money (kopecks), a register.Quantity, a time.Time, Tags, or a []Tags.
type Tags map[string]any

// ffdCodes are tag 1209.
var ffdCodes = map[string]int64{FFD105: 2, "1.1": 3, FFD12: 4}

// Tags gives the document's tags.
func (r Record) Tags() Tags {
	t := Tags{"1012": r.At, "1037": r.Registration, "1040": r.Number, "1041": r.FN, "1077": strconv.FormatUint(uint64(r.Sign), 10),
		"1018": r.INN, "1013": r.Serial, "1209": ffdCodes[r.FFD]}
	t.text("1048", r.User)
	t.text("1021", r.Operator.Name)
	t.text("1203", r.Operator.INN)
	if r.Kind != Registering {
		t["1038"] = r.Shift
	}
	switch {
	case r.Kind == fiscal.CloseShift:
		t["1118"], t["1111"], t["1097"] = r.Receipts, r.Documents, int64(r.Unsent)
		if r.Unsent > 0 {
			t["1098"] = r.UnsentSince
		}
		for _, tag := range r.Warnings {
			t[strconv.Itoa(tag)] = int64(1)
		}
	case r.Kind.Receipt():
		r.receiptTags(t)
	}
	return t
}

func (t Tags) text(tag, value string) {
	if value != "" {
		t[tag] = value
	}
}

func (r Record) receiptTags(t Tags) {
	t["1020"], t["1042"], t["1054"], t["1055"] = r.Sum, r.InShift, int64(r.Direction()), int64(taxations[r.Taxation])
	t["1031"], t["1081"], t["1215"], t["1216"], t["1217"] = r.Payments.Cash, r.Payments.Electronic, r.Payments.Prepaid, r.Payments.Credit, r.Payments.Other
	t.text("1008", r.Contact)
	t.text("1192", r.Extra)
	if r.Attribute.Name != "" {
		t["1084"] = Tags{"1085": r.Attribute.Name, "1086": r.Attribute.Value}
	}
	if r.Buyer != nil {
		t.text("1227", r.Buyer.Name)
		t.text("1228", r.Buyer.INN)
	}
	if c := r.Correction; c != nil {
		kind := int64(0)
		if c.ByOrder {
			kind = 1
		}
		base := Tags{"1178": time.Date(c.Date.Year(), c.Date.Month(), c.Date.Day(), 0, 0, 0, 0, time.UTC)}
		base.text("1179", c.Number)
		t["1173"], t["1174"] = kind, base
	}
	r.vatTags(t)
	if len(r.Lines) > 0 {
		t["1059"] = r.lineTags()
	}
}

// vatTags puts the old rates into tags of their own and the new ones into container 1115; where there are only new
// ones, 1104 is zero.
func (r Record) vatTags(t Tags) {
	var others []Tags
	flat := false
	for _, tax := range r.VAT {
		v := rates[tax.VAT]
		if v.tag == 0 {
			others = append(others, Tags{"1199": int64(v.code), "1120": tax.Sum})
			continue
		}
		flat = true
		t[strconv.Itoa(v.tag)] = tax.Sum
	}
	if len(others) > 0 {
		t["1115"] = Tags{"1119": others}
		if !flat {
			t["1104"] = register.Money(0)
		}
	}
}

func (r Record) lineTags() []Tags {
	all := make([]Tags, 0, len(r.Lines))
	for _, l := range r.Lines {
		t := Tags{"1079": l.Price, "1023": l.Quantity, "1043": l.Sum, "1199": int64(rates[l.VAT].code),
			"1214": int64(l.Method), "1212": int64(l.Object)}
		if l.VATSum != nil {
			t["1200"] = *l.VATSum
		}
		t.text("1030", l.Name)
		t.text("1197", l.Unit)
		if l.Measure != nil {
			t["2108"] = int64(*l.Measure)
		}
		all = append(all, t)
	}
	return all
}

// sortedRates puts rates in the order of their codes.
func sortedRates(all iter.Seq[register.VAT]) []register.VAT {
	return slices.SortedFunc(all, func(a, b register.VAT) int { return cmp.Compare(rates[a].code, rates[b].code) })
}

// qr is what the QR code of a receipt holds (FNS order ЕД-7-20/662@).
func qr(r Record) string {
	return "t=" + r.At.Format("20060102T1504") + "&s=" + r.Sum.String() + "&fn=" + r.FN + "&i=" + strconv.FormatInt(r.Number, 10) +
		"&fp=" + strconv.FormatUint(uint64(r.Sign), 10) + "&n=" + strconv.Itoa(r.Direction())
}
