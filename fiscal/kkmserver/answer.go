package kkmserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
)

// The states of a command.
const (
	statusOK       = 0
	statusRuns     = 1
	statusFailed   = 2
	statusNotFound = 3 // the command, or the device
	statusWaits    = 4
	statusBefore   = 5 // it was done before
)

// reply is what KkmServer answers. Each command fills its own part.
type reply struct {
	Status    *int   `json:"Status"`
	Command   string `json:"Command"`
	IDCommand string `json:"IdCommand"`
	Error     string `json:"Error"`
	Warning   string `json:"Warning"`
	UnitName  string `json:"UnitName"`

	CheckNumber        text `json:"CheckNumber"` // of the document in the fiscal storage; of the last one in GetDataKKT
	SessionNumber      text `json:"SessionNumber"`
	SessionCheckNumber text `json:"SessionCheckNumber"`

	QRCode string `json:"QRCode"`
	Slip   string `json:"Slip"` // GetDataCheck: the document as it was printed

	Rezult *reply `json:"Rezult"` // GetRezult
	Check  *check `json:"RegisterCheck"`
	Info   *info  `json:"Info"`
}

// check is a document in the device's memory, by GetDataCheck.
type check struct {
	FiscalNumber text   `json:"FiscalNumber"`
	FiscalDate   text   `json:"FiscalDate"`
	CheckType    string `json:"CheckType"` // "Приход", "Возврат прихода"
	FiscalSign   text   `json:"FiscalSign"`

	Register []struct {
		Quantity text `json:"Quantity"`
		Amount   text `json:"Amount"`
	} `json:"Register"`

	Cash              text `json:"Cash"`
	ElectronicPayment text `json:"ElectronicPayment"`
	AdvancePayment    text `json:"AdvancePayment"`
	Credit            text `json:"Credit"`
	CashProvision     text `json:"CashProvision"`
	AllSumm           text `json:"AllSumm"`
}

// info is the device's state, by GetDataKKT. The names are KkmServer's, misspellings included.
type info struct {
	InnOrganization string `json:"InnOrganization"`
	KktNumber       text   `json:"KktNumber"`
	FnNumber        text   `json:"FnNumber"`
	RegNumber       text   `json:"RegNumber"`
	FFDVersion      text   `json:"FFDVersion"`

	IsFiscal    *bool `json:"FN_IsFiscal"`
	MemOverflow bool  `json:"FN_MemOverflowl"`
	DateEnd     text  `json:"FN_DateEnd"`

	OFDUnsent text `json:"OFD_NumErrorDoc"`
	OFDSince  text `json:"OFD_DateErrorDoc"`

	SessionState text  `json:"SessionState"`
	PaperOver    *bool `json:"PaperOver"`
	BalanceCash  text  `json:"BalanceCash"`
	DateTimeKKT  text  `json:"DateTimeKKT"`
}

var errForeign = errors.New("the answer is not KkmServer's")

// decode reads an answer. It is KkmServer's when it is one JSON object with a status.
func decode(body []byte) (reply, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var r reply
	if err := json.Unmarshal(body, &r); err != nil || r.Status == nil || *r.Status < 0 {
		return reply{}, errForeign
	}
	if r.Rezult != nil && r.Rezult.Status == nil {
		return reply{}, errForeign
	}
	return r, nil
}

// clean makes a text of KkmServer fit for one line of at most n letters.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsGraphic(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return clip(strings.Join(strings.Fields(s), " "), n)
}

// clip keeps the first n letters.
func clip(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}
