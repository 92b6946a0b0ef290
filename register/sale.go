package register

import "fmt"

// Sale is the body of KindSale: goods handed over. With an order, they were prepaid in whole or in part.
type Sale struct {
	Receipt    int64     `json:"receipt"` // number of the receipt within its shift, from 1
	Lines      []Line    `json:"lines"`
	Discount   Discount  `json:"discount,omitzero"` // on the receipt, as the cashier gave it; the lines hold their shares
	Off        Money     `json:"off,omitempty"`     // all that was taken off
	Total      Money     `json:"total"`
	Payments   []Payment `json:"payments"`
	Customer   *Customer `json:"customer,omitempty"`
	Comment    string    `json:"comment,omitempty"`
	Contact    string    `json:"contact,omitempty"`    // where the receipt is sent: e-mail, or phone as +7…
	NoPaper    bool      `json:"no_paper,omitempty"`   // and the buyer wants no paper
	Prepayment *Ref      `json:"prepayment,omitempty"` // what the Prepaid payment is set off against
}

// NewSale settles a cart: it checks that the payments are allowed together and pay exactly what is due. What a
// prepayment has paid is added to them; where it has paid for everything, there are none. The error is ErrEmptyCart for
// a cart that comes to nothing, else ErrTooLittle, ErrPayment or ErrText.
func NewSale(cart *Cart, payments []Payment) (Sale, error) {
	if cart.Len() == 0 || cart.Total() <= 0 {
		return Sale{}, ErrEmptyCart
	}
	s := Sale{Lines: cart.Lines(), Discount: cart.Discount(), Off: cart.Off(), Total: cart.Total(), Customer: cart.Customer(), Comment: cart.Comment()}
	s.Contact, s.NoPaper = cart.Contact()
	if o := cart.Order(); o != nil {
		ref := o.Prepayment
		s.Prepayment = &ref
		s.Payments = append(s.Payments, pay(Prepaid, o.Paid))
	}
	s.Payments = append(s.Payments, payments...)
	return s, s.Check()
}

// Check tells what is wrong with a sale, or nil: whether its lines add up, and its payments may stand together and pay
// the total exactly.
func (s Sale) Check() error {
	if err := checkLines(s.Lines, s.Total); err != nil {
		return err
	}
	if s.Total <= 0 {
		return ErrEmptyCart
	}
	if s.Off != off(s.Lines) {
		return fmt.Errorf("%w: %s off, of lines with %s", ErrBadOperation, s.Off, off(s.Lines))
	}
	if err := s.Discount.check(); err != nil {
		return err
	}
	if err := checkBuyer(s.Customer, s.Comment); err != nil {
		return err
	}
	if err := checkContact(s.Contact, s.NoPaper); err != nil {
		return err
	}
	if (by(s.Payments, Prepaid) > 0) != (s.Prepayment != nil) {
		return fmt.Errorf("%w: set off against no prepayment", ErrPayment)
	}
	return checkPayments(s.Payments, s.Total)
}

// Drawer is how much cash the sale put into the drawer.
func (s Sale) Drawer() Money { return by(s.Payments, Cash) }

// checkLines tells whether the lines of a receipt are whole and come to the sum.
func checkLines(lines []Line, sum Money) error {
	if len(lines) == 0 {
		return ErrEmptyCart
	}
	if len(lines) > MaxLines {
		return ErrTooMuch
	}
	var gross Money
	for i, l := range lines {
		if err := l.check(); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
		gross += l.Gross()
	}
	if gross > MaxMoney {
		return ErrTooMuch
	}
	return checkTotal(total(lines), sum)
}

func checkTotal(lines, sum Money) error {
	if lines > MaxMoney {
		return ErrTooMuch
	}
	if lines != sum {
		return fmt.Errorf("%w: lines of %s for %s", ErrBadOperation, lines, sum)
	}
	return nil
}

func checkBuyer(c *Customer, remark string) error {
	if c != nil {
		if err := c.Check(); err != nil {
			return err
		}
	}
	return checkText(remark, MaxComment)
}
