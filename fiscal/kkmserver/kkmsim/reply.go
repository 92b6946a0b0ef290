package kkmsim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/fnsim"
	"kassa/register"
)

// The states of a command.
const (
	statusOK       = 0
	statusRuns     = 1
	statusFailed   = 2
	statusNotFound = 3
	statusWaits    = 4
	statusBefore   = 5
)

// reply is what the program answers.
type reply struct {
	Command   string
	Error     string
	Warning   string
	Message   string
	Status    int
	IDCommand string `json:"IdCommand"`
	NumDevice int
	UnitName  string `json:",omitempty"`

	CheckNumber        int64  `json:",omitempty"`
	SessionNumber      int64  `json:",omitempty"`
	SessionCheckNumber int64  `json:",omitempty"`
	URL                string `json:",omitempty"`
	QRCode             string `json:",omitempty"`
	Slip               string `json:",omitempty"`
	LineLength         int    `json:",omitempty"`

	Rezult        *reply `json:",omitempty"`
	RegisterCheck *check `json:",omitempty"`
	Info          *info  `json:",omitempty"`
}

// check is a document of the memory.
type check struct {
	FiscalNumber  string
	FiscalDate    string
	CheckType     *string
	FiscalSign    string
	CashierName   string
	CashierVATIN  string
	TaxVariant    string
	ClientAddress string
	Register      []checkLine

	Cash, ElectronicPayment, AdvancePayment, Credit, CashProvision, AllSumm json.Number
}

type checkLine struct {
	Name     string
	Quantity json.Number
	Amount   json.Number
	Tax      int
}

// info is the device's state.
type info struct {
	InnOrganization  string
	NameOrganization string
	KktNumber        string
	FnNumber         string
	RegNumber        string
	FFDVersion       string

	IsFiscal    bool   `json:"FN_IsFiscal"`
	MemOverflow bool   `json:"FN_MemOverflowl"`
	DateEnd     string `json:"FN_DateEnd"`
	OFDError    string `json:"OFD_Error"`
	OFDUnsent   int    `json:"OFD_NumErrorDoc"`
	OFDSince    string `json:"OFD_DateErrorDoc"`
	OnOff       bool
	Active      bool
	Session     int `json:"SessionState"`
	PaperOver   bool
	BalanceCash json.Number
	DateTimeKKT string
}

// begin begins the answer to a command.
func begin(c command) *reply {
	return &reply{Command: c.Command, IDCommand: c.IDCommand, NumDevice: c.NumDevice}
}

func failed(c command, words string) *reply {
	r := begin(c)
	r.Status, r.Error = statusFailed, words
	return r
}

// naive writes a time with no zone; the zero time as .NET does.
func naive(t time.Time) string { return t.Format("2006-01-02T15:04:05") }

// document fills in what is told of a document that was made.
func (r *reply) document(d fnsim.Record) {
	if !d.Kind.Stored() {
		return
	}
	r.CheckNumber, r.SessionNumber, r.SessionCheckNumber, r.QRCode = d.Number, d.Shift, d.InShift, qr(d)
	r.URL = "https://ofd.example/check?fn=" + d.FN + "&i=" + fmt.Sprint(d.Number)
}

// qr is the QR code with seconds, and without a sum for reports, as KkmServer gives it.
func qr(d fnsim.Record) string {
	text := "t=" + d.At.Format("20060102T150405")
	if d.Kind.Receipt() {
		text += "&s=" + d.Sum.String()
	}
	text += fmt.Sprintf("&fn=%s&i=%d&fp=%d", d.FN, d.Number, d.Sign)
	if d.Kind.Receipt() {
		text += fmt.Sprintf("&n=%d", d.Direction())
	}
	return text
}

// dataKKT answers GetDataKKT.
func (s *Sim) dataKKT(c command) *reply {
	st, err := s.device.Status()
	if err != nil {
		return failed(c, words(err))
	}
	r := begin(c)
	r.NumDevice, r.UnitName, r.LineLength = s.o.Number, st.Model, st.Width
	r.CheckNumber, r.SessionNumber = st.Last, st.Number
	r.Info = &info{
		InnOrganization: st.INN, NameOrganization: st.User, KktNumber: st.Serial, FnNumber: st.FN, RegNumber: st.Registration, FFDVersion: st.FFD,
		IsFiscal: st.FN != "", MemOverflow: st.FNFull, DateEnd: naive(st.FNUntil.In(st.Clock.Location())),
		OFDUnsent: st.Unsent, OFDSince: naive(st.UnsentSince), OnOff: true, Active: true,
		Session:   map[fiscal.ShiftState]int{fiscal.ShiftClosed: 1, fiscal.ShiftOpen: 2, fiscal.ShiftExpired: 3}[st.Shift],
		PaperOver: st.PaperOut, BalanceCash: rub(st.Drawer), DateTimeKKT: naive(st.Clock),
	}
	return r
}

func rub(m register.Money) json.Number { return json.Number(m.String()) }

// checkTypes are the names of documents.
var checkTypes = map[fiscal.Kind]string{
	fiscal.Sale: "Приход", fiscal.Return: "Возврат прихода",
	fiscal.SaleCorrection: "Коррекция прихода", fiscal.ReturnCorrection: "Коррекция возврата прихода",
}

// dataCheck answers GetDataCheck, and prints copies.
func (s *Sim) dataCheck(c command) *reply {
	n := c.FiscalNumber
	if n == 0 {
		n = s.device.Look().Last
	}
	d, err := s.device.Find(n)
	if fnsim.CodeOf(err) == fnsim.FNNoData || err == nil && s.o.NoReports && !d.Kind.Receipt() {
		return failed(c, "Не удалось получить данные чека")
	}
	for range c.NumberCopies {
		if err == nil {
			err = s.device.Copy(n)
		}
	}
	if err != nil {
		return failed(c, words(err))
	}
	r := begin(c)
	r.QRCode, r.Slip, r.RegisterCheck = qr(d), s.slip(d), checkOf(d)
	return r
}

func checkOf(d fnsim.Record) *check {
	p := d.Payments
	made := &check{FiscalNumber: fmt.Sprint(d.Number), FiscalDate: naive(d.At), FiscalSign: fmt.Sprint(d.Sign), CashierName: d.Operator.Name,
		CashierVATIN: d.Operator.INN, ClientAddress: d.Contact, Register: []checkLine{}, Cash: rub(p.Cash), ElectronicPayment: rub(p.Electronic),
		AdvancePayment: rub(p.Prepaid), Credit: rub(p.Credit), CashProvision: rub(p.Other), AllSumm: rub(d.Sum)}
	if name, is := checkTypes[d.Kind]; is {
		made.CheckType = &name
	}
	for _, l := range d.Lines {
		line := checkLine{Name: l.Name, Quantity: json.Number(l.Quantity.String()), Amount: rub(l.Sum)}
		for n, vat := range rates {
			if vat == l.VAT {
				line.Tax = n
			}
		}
		made.Register = append(made.Register, line)
	}
	return made
}

// slip is a document as text.
func (s *Sim) slip(d fnsim.Record) string {
	lines := []string{checkTypes[d.Kind], "ФД " + fmt.Sprint(d.Number)}
	for _, l := range d.Lines {
		lines = append(lines, l.Name, l.Quantity.String()+" x "+l.Price.String()+" = "+l.Sum.String())
	}
	if !s.o.NoMark && d.Attribute.Name != "" {
		lines = append(lines, d.Attribute.Name+": "+d.Attribute.Value)
	}
	return strings.Join(append(lines, "ИТОГ "+d.Sum.String()), "\n")
}
