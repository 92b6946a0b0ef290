// Package register is what a cash register is: money and quantities, the goods on a receipt, discounts and VAT, the
// operations that make up a till's history, shifts and their totals.
//
// It does no input or output, reads no clock and keeps no globals: the same calls give the same results, which is what
// lets its rules be tested by properties and a year of shop life be replayed in seconds. Nothing here imports another
// package of this project. Values have no locks: whoever owns one keeps it on one goroutine.
//
// # Numbers
//
// Money is in kopecks, Quantity in thousandths of a unit, Percent in hundredths of a per cent; no floating point touches
// them. Whatever must be rounded is rounded half up, once: a price times a quantity, a percentage of a sum, the tax of a
// line. No receipt comes to more than MaxMoney, so that sums of receipts cannot overflow.
//
// # A receipt
//
// A Cart is rung up: Add, SetQuantity, SetLineDiscount, SetDiscount, SetCustomer. Each change is made in full or refused
// with an error that leaves the cart as it was. What the receipt comes to depends on what stands on it and on the shop's
// Rules, not on the order of the changes; the arithmetic is told at Cart. Every line's Sum holds its share of the
// receipt's discount (Spread), so that the lines add up to the total to the kopeck, as a fiscal registrar wants them. A
// Draft is a cart as it is stored; RestoreCart takes it back only where every line still adds up. A buyer may give an
// e-mail address or a phone for the receipt to be sent to (SetContact), and goods with marking codes are refused
// (ErrMarked) until they can be sold with them.
//
// # Operations
//
// An Operation is one immutable fact; its Kind names the body that it holds:
//
//   - Sale: goods handed over, made of a cart and its payments by NewSale. Cash and card may be mixed, QR stands alone.
//   - SaleReturn: goods that came back. NewReturn takes any part of a sale, any number of times; a chain of returns that
//     is complete gives back exactly every line's sum and tax and exactly what was paid by each method. NewFreeReturn
//     takes goods that no sale is known for.
//   - Prepayment: money for goods that are handed over later, spread over the lines and taxed at the calculated rates.
//     OrderCart hands them over: the sale is at full price, and what is left of the prepayment is one of its payments.
//     Goods of such a sale that come back restore the prepayment with what no cash, card or QR has paid.
//   - PrepaymentReturn: prepaid money that went back, by the methods by which it came. PrepaymentState tells what is left.
//   - CashMove, ShiftOpened, ShiftClosed, and the kinds that are kept for audit and move no money.
//   - FiscalDocument: what a fiscal registrar made of any of them.
//
// The bodies of goods and money have a Check, for a body by itself, or a CheckAgainst, for what goes back to another
// operation: never more goods than were sold, never more money than was paid, by no other method. They are asked before
// an operation is stored. Encode makes its bytes, which Link chains to those before.
//
// # Totals
//
// Totals count the operations of a shift by kind and payment method, and what the drawer should hold: an X report at any
// time, a Z report at the end. Operation.Drawer is what one operation put into the drawer; the sum of these is the
// drawer, and a shift's counted cash sets it right. Stored bodies are believed only as far as they can be added up:
// absurd sums are ErrBadOperation and count nothing.
package register
