package till

import "fmt"

// Code names a problem. A screen has a sentence for each under the key "problem." + code, and what to do next.
type Code string

// The problems that a cashier may meet.
const (
	CodeWrongPIN         Code = "wrong_pin"
	CodeWait             Code = "wait" // Args: seconds; too many wrong PINs
	CodeNotSignedIn      Code = "not_signed_in"
	CodeNoShift          Code = "no_shift"
	CodeShiftOpen        Code = "shift_open"
	CodeUnknownBarcode   Code = "unknown_barcode" // Args: barcode
	CodeUnknownProduct   Code = "unknown_product"
	CodeNoPrice          Code = "no_price" // Args: name
	CodeMarked           Code = "marked"   // Args: name, or the number of the goods; they may only be sold with their marking code
	CodeBadQuantity      Code = "bad_quantity"
	CodeWholePieces      Code = "whole_pieces"
	CodeTooMuch          Code = "too_much"
	CodeNoLine           Code = "no_line"
	CodeEmptyCart        Code = "empty_cart"
	CodeCartNotEmpty     Code = "cart_not_empty"
	CodeTooLittle        Code = "too_little"     // Args: missing (register.Money)
	CodeFrozen           Code = "frozen"         // a QR payment holds the cart
	CodeQROpen           Code = "qr_open"        // a QR payment must be ended first
	CodeNoQR             Code = "no_qr"          // there is no QR payment to do this with
	CodeQRUnavailable    Code = "qr_unavailable" // no server and no bank is set up
	CodeQRAmount         Code = "qr_amount"      // the bank does not take such a sum
	CodeQRLimits         Code = "qr_limits"      // as CodeQRAmount, where the limits are known; Args: min, max (register.Money)
	CodeQRMixed          Code = "qr_mixed"       // QR pays all that is due, or nothing
	CodeServerDown       Code = "server_down"
	CodeServerRefused    Code = "server_refused" // the till's secret was revoked, or the server does not know it
	CodeServerFork       Code = "server_fork"    // the server has another history under our journal
	CodeBankDown         Code = "bank_down"
	CodeBankRefused      Code = "bank_refused"
	CodeBankSettings     Code = "bank_settings"
	CodeBankKey          Code = "bank_key" // the system's keyring does not open the bank's settings
	CodeBankNonsense     Code = "bank_nonsense"
	CodeAmountDiffers    Code = "amount_differs"
	CodePrinterOff       Code = "printer_off"
	CodePaperOut         Code = "paper_out"
	CodeCoverOpen        Code = "cover_open"
	CodePrinterFailed    Code = "printer_failed"
	CodeNoPrinter        Code = "no_printer"
	CodePrintDoubt       Code = "print_doubt"
	CodeNotPrintable     Code = "not_printable" // an operation that has no slip
	CodeNotAllowed       Code = "not_allowed"   // Args: right; somebody with a higher role may give leave
	CodePINTaken         Code = "pin_taken"
	CodeBadPIN           Code = "bad_pin"
	CodeBadName          Code = "bad_name"
	CodeLastOwner        Code = "last_owner"
	CodeBadSetting       Code = "bad_setting"
	CodeBadText          Code = "bad_text"
	CodePriceNeeded      Code = "price_needed" // Args: name, product (its id): the cashier has to name the price
	CodeNoStock          Code = "no_stock"     // Args: name, left (register.Quantity)
	CodeEmptyWeight      Code = "empty_weight" // a scale's barcode with nothing weighed
	CodeLocked           Code = "locked"       // the lines of a prepaid order
	CodeDiscount         Code = "discount"     // Args: most (per cent, as text)
	CodePayment          Code = "payment"      // these payments cannot stand together
	CodeBadHeld          Code = "bad_held"     // it does not add up any more; it stays on hold
	CodeNoHeld           Code = "no_held"
	CodeNoSale           Code = "no_sale"
	CodeNoPrepayment     Code = "no_prepayment"
	CodeNoCustomer       Code = "no_customer"
	CodeBadCustomer      Code = "bad_customer"
	CodeBadContact       Code = "bad_contact" // neither an e-mail address nor a phone number
	CodeCardTaken        Code = "card_taken"
	CodeReturned         Code = "returned"           // more than is left to return
	CodeRefund           Code = "refund"             // more money back than was paid this way
	CodePrepaid          Code = "prepaid"            // more than is left of the prepayment
	CodeReturnQR         Code = "return_qr"          // it goes back by QR: StartReturn or StartPrepaymentReturn does that
	CodeBackOpen         Code = "back_open"          // money of this sale or prepayment is on its way back already
	CodeBackOffline      Code = "back_offline"       // the bank cannot be asked now; nothing was begun
	CodeBackWaiting      Code = "back_waiting"       // no answer about a refund that was begun; the till goes on asking by itself
	CodeBackSettings     Code = "back_settings"      // the bank does not accept the shop's settings; nothing went back
	CodeBackWhole        Code = "back_whole"         // Args: sum; the bank gives this payment back in full or not at all
	CodeBackOutside      Code = "back_outside"       // Args: sum; so much was given back at the bank itself: was it for these goods?
	CodeBackTooMuch      Code = "back_too_much"      // Args: sum; the bank holds no more of this payment
	CodeBackBalance      Code = "back_balance"       // the shop's balance at the bank is too small
	CodeBackRefused      Code = "back_refused"       // the bank refused the refund; its own words say why
	CodeBackFailed       Code = "back_failed"        // it took it, and it came to nothing: the payer's bank refused
	CodeBackUnclear      Code = "back_unclear"       // the bank cannot tell whether it was carried out: somebody has to look there
	CodeNoBack           Code = "no_back"            // there is no such refund, or it cannot be done in its state
	CodeNoLate           Code = "no_late"            // there is no such late payment, or its money is gone
	CodeLateSold         Code = "late_sold"          // the receipt was sold otherwise: the money can only be given back
	CodeReturnNoSale     Code = "return_no_sale"     // the shop takes nothing back without its receipt
	CodeReturnOtherShift Code = "return_other_shift" // the shop takes nothing back of an earlier shift
	CodeDrawer           Code = "drawer"             // Args: sum; the drawer holds no more
	CodeClockBack        Code = "clock_back"         // the clock is behind the newest operation
	CodeGoodsLost        Code = "goods_lost"         // the catalogue was damaged and set aside
	CodeDiskDoubt        Code = "disk_doubt"         // the disk failed in the middle: nobody knows whether it was written
	CodeDisk             Code = "disk"               // the disk refused; nothing was sold
)

// The problems of a fiscal registrar. Those that bear no remark are its troubles, as package fiscal names them.
const (
	CodeNoFiscal           Code = "no_fiscal"          // no fiscal registrar was chosen
	CodeNoFiscalDoc        Code = "no_fiscal_document" // there is no such fiscal document, or it cannot be done in its state
	CodeFiscalSettings     Code = "fiscal_settings"    // the registrar's settings cannot be used, or their secret cannot be opened
	CodeFiscalUnclear      Code = "fiscal_unclear"     // a person decides about a document
	CodeFiscalRefused      Code = "fiscal_refused"     // some documents were refused
	CodeFiscalUnprinted    Code = "fiscal_unprinted"   // a document is made and not on paper
	CodeFiscalOff          Code = "fiscal_off"
	CodeFiscalBusy         Code = "fiscal_busy"
	CodeFiscalPaper        Code = "fiscal_paper"
	CodeFiscalCover        Code = "fiscal_cover"
	CodeFiscalMechanism    Code = "fiscal_mechanism"
	CodeFiscalShiftExpired Code = "fiscal_shift_expired"
	CodeFiscalShiftClosed  Code = "fiscal_shift_closed"
	CodeFiscalShiftOpen    Code = "fiscal_shift_open"
	CodeFiscalCash         Code = "fiscal_cash"
	CodeFiscalClock        Code = "fiscal_clock"
	CodeFiscalAccess       Code = "fiscal_access"
	CodeFiscalUnregistered Code = "fiscal_unregistered"
	CodeFiscalMemory       Code = "fiscal_memory"
	CodeFiscalUnsent       Code = "fiscal_unsent"
	CodeFiscalDocument     Code = "fiscal_document"
	CodeFiscalCannot       Code = "fiscal_cannot"
	CodeFiscalOther        Code = "fiscal_other"
	CodeFiscalShiftOld     Code = "fiscal_shift_old" // the registrar's shift is 23 hours old
	CodeFiscalUnsent3      Code = "fiscal_unsent_3"  // documents wait for the tax data operator for 3 days
	CodeFiscalUnsent20     Code = "fiscal_unsent_20" // for 20 days
	CodeFiscalFNSoon       Code = "fiscal_fn_soon"   // the fiscal storage is to be replaced soon
	CodeFiscalFNNow        Code = "fiscal_fn_now"    // at once
	CodeFiscalClocks       Code = "fiscal_clocks"    // the registrar's clock and the till's have come apart
)

// Problem is an error with a sentence for the cashier.
type Problem struct {
	Code Code
	Args []any // pairs of a placeholder's name and its value: text, register.Money, register.Quantity, or whole numbers
	Err  error // the cause, for the log; may be nil
}

func (p *Problem) Error() string {
	if p.Err == nil {
		return fmt.Sprintf("till: %s", p.Code)
	}
	return fmt.Sprintf("till: %s: %v", p.Code, p.Err)
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Is makes every Problem match another one of the same code, whatever its arguments.
func (p *Problem) Is(target error) bool {
	q, ok := target.(*Problem)
	return ok && q.Code == p.Code
}

func problem(code Code, err error, args ...any) *Problem {
	return &Problem{Code: code, Args: args, Err: err}
}
