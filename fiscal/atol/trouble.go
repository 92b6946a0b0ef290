package atol

import (
	"encoding/json"

	"kassa/fiscal"
)

// fault is what the service says went wrong. The numbers are those of ATOL's driver 10 (libfptr10.h).
type fault struct {
	Code        code  `json:"code"`
	Description loose `json:"description"`
}

// code is a number of the driver. What is no number is noCode: an error that cannot be read is still one.
type code int64

const noCode code = -1

func (c *code) UnmarshalJSON(b []byte) error {
	var w whole
	if *c = noCode; w.UnmarshalJSON(b) == nil {
		*c = code(w)
	}
	return nil
}

// loose is a text that may be anything else.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	s, _ := plain(b)
	*l = loose(s)
	return nil
}

// readFault reads the body of an HTTP error. The service wraps it in "error", and does not at times. It tells false when
// the body is nothing of the kind.
func readFault(body []byte) (fault, bool) {
	var wrapped struct {
		Error *fault `json:"error"`
	}
	if json.Unmarshal(body, &wrapped) == nil && wrapped.Error != nil {
		return *wrapped.Error, true
	}
	var bare struct {
		Code        *code `json:"code"`
		Description loose `json:"description"`
	}
	if json.Unmarshal(body, &bare) == nil && bare.Code != nil {
		return fault{*bare.Code, bare.Description}, true
	}
	return fault{}, false
}

// trouble sorts an error of the driver.
func (f fault) trouble() fiscal.Trouble {
	if t, known := troubles[f.Code]; known {
		return t
	}
	if f.Code > 400 && f.Code < 450 { // marking
		return fiscal.TroubleDocument
	}
	return fiscal.TroubleOther
}

// uncertain tells whether the driver itself may not know what became of the document: the link was lost, or the opening
// of a shift (175), the closing of a receipt (177) or a question to the fiscal storage (178) was interrupted.
func (f fault) uncertain() bool {
	switch f.Code {
	case 2, 175, 177, 178, 241:
		return true
	}
	return false
}

// noData tells that the fiscal storage does not have, or cannot read, a document.
func (f fault) noData() bool { return f.Code == 123 || f.Code == 162 }

// troubles sorts the driver's errors by who puts them right.
var troubles = map[code]fiscal.Trouble{
	1: fiscal.TroubleOff, 2: fiscal.TroubleOff, 4: fiscal.TroubleOff, 241: fiscal.TroubleOff, 277: fiscal.TroubleOff,
	3: fiscal.TroubleBusy, 55: fiscal.TroubleBusy, 82: fiscal.TroubleBusy, 203: fiscal.TroubleBusy, 601: fiscal.TroubleBusy,
	175: fiscal.TroubleBusy, 177: fiscal.TroubleBusy, 178: fiscal.TroubleBusy,

	// 32 and 151: a document was not printed to its end, and goes on when there is paper (Resume).
	44: fiscal.TroublePaper, 32: fiscal.TroublePaper, 151: fiscal.TroublePaper, 45: fiscal.TroubleCover,
	46: fiscal.TroubleMechanism, 47: fiscal.TroubleMechanism, 114: fiscal.TroubleMechanism, 150: fiscal.TroubleMechanism,

	68: fiscal.TroubleShiftExpired, 141: fiscal.TroubleShiftExpired, 73: fiscal.TroubleShiftClosed, 83: fiscal.TroubleShiftOpen,
	53: fiscal.TroubleCash, 80: fiscal.TroubleCash,
	35: fiscal.TroubleClock, 36: fiscal.TroubleClock, 77: fiscal.TroubleClock, 122: fiscal.TroubleClock, 142: fiscal.TroubleClock,
	198: fiscal.TroubleClock,

	89: fiscal.TroubleUnregistered, 166: fiscal.TroubleUnregistered,
	115: fiscal.TroubleMemory, 116: fiscal.TroubleMemory, 117: fiscal.TroubleMemory, 118: fiscal.TroubleMemory,
	119: fiscal.TroubleMemory, 120: fiscal.TroubleMemory, 121: fiscal.TroubleMemory, 136: fiscal.TroubleMemory,
	179: fiscal.TroubleMemory, 180: fiscal.TroubleMemory, 181: fiscal.TroubleMemory, 182: fiscal.TroubleMemory, 224: fiscal.TroubleMemory,
	137: fiscal.TroubleUnsent, 139: fiscal.TroubleUnsent,

	8: fiscal.TroubleDocument, 13: fiscal.TroubleDocument, 16: fiscal.TroubleDocument, 17: fiscal.TroubleDocument,
	40: fiscal.TroubleDocument, 48: fiscal.TroubleDocument, 52: fiscal.TroubleDocument, 59: fiscal.TroubleDocument,
	60: fiscal.TroubleDocument, 66: fiscal.TroubleDocument, 67: fiscal.TroubleDocument, 69: fiscal.TroubleDocument,
	79: fiscal.TroubleDocument, 98: fiscal.TroubleDocument, 110: fiscal.TroubleDocument, 128: fiscal.TroubleDocument,
	143: fiscal.TroubleDocument, 144: fiscal.TroubleDocument, 145: fiscal.TroubleDocument, 146: fiscal.TroubleDocument,
	148: fiscal.TroubleDocument, 158: fiscal.TroubleDocument, 161: fiscal.TroubleDocument, 172: fiscal.TroubleDocument,
	205: fiscal.TroubleDocument, 216: fiscal.TroubleDocument, 217: fiscal.TroubleDocument, 219: fiscal.TroubleDocument,
	227: fiscal.TroubleDocument, 243: fiscal.TroubleDocument, 412: fiscal.TroubleDocument, 501: fiscal.TroubleDocument,

	11: fiscal.TroubleCannot, 190: fiscal.TroubleCannot, 413: fiscal.TroubleCannot,
}

// blocks are the reasons for which the service's queue stands still.
var blocks = map[string]fiscal.Trouble{
	"paperError": fiscal.TroublePaper, "connectionError": fiscal.TroubleOff, "fnError": fiscal.TroubleMemory,
}
