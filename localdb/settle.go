package localdb

import (
	"errors"
	"fmt"

	"kassa/register"
)

// Errors of an operation that QR payments and refunds stand behind.
var (
	// ErrSettled tells that a QR payment or a refund is tied to an operation already, or is not there.
	ErrSettled = errors.New("localdb: the QR payment has been settled already")
	// ErrSold tells that the receipt of a QR payment was sold otherwise.
	ErrSold = errors.New("localdb: the receipt of the QR payment has been sold already")
	// ErrRefundOpen tells that money of the sale or the prepayment is on its way back by QR.
	ErrRefundOpen = errors.New("localdb: a refund by QR is under way")
)

// settle ties an operation to the QR payment, the refund or the fiscal document that it settles, each once, and notes which receipt was sold,
// so that money which arrives for another of its codes is known to be too much.
func (w *writer) settle(e Entry, position int64) error {
	switch {
	case e.QRPayment != "":
		return w.settlePayment(e.QRPayment, position)
	case e.QRRefund != "":
		return w.once(`update qr_refunds set operation = ?, state = 'done', updated_at = ? where id = ? and operation is null and dropped = 0`,
			position, e.QRRefund)
	case e.FiscalEnd != nil:
		return w.endFiscal(*e.FiscalEnd)
	case e.Draft != nil && (e.Kind == register.KindSale || e.Kind == register.KindPrepayment):
		if _, err := w.exec(w.stmts.sold, position); err != nil {
			return fmt.Errorf("noting the receipt as sold: %w", err)
		}
	}
	return nil
}

func (w *writer) settlePayment(id string, position int64) error {
	var sold bool
	err := w.tx.QueryRowContext(w.ctx, `select count(*) > 0 from qr_payments where id = ? and operation is null and sold is not null`, id).Scan(&sold)
	switch {
	case err != nil:
		return fmt.Errorf("settling the QR payment: %w", err)
	case sold:
		return ErrSold
	}
	if err := w.once(`update qr_payments set operation = ?, updated_at = ? where id = ? and operation is null`, position, id); err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `update qr_payments set sold = ? where receipt = (select receipt from qr_payments where id = ?)`, position, id)
	if err != nil {
		return fmt.Errorf("noting the receipt as sold: %w", err)
	}
	return nil
}

// once runs an update that must find exactly one row: ErrSettled.
func (w *writer) once(update string, position int64, id string) error {
	res, err := w.tx.ExecContext(w.ctx, update, position, ms(w.now()), id)
	if err != nil {
		return fmt.Errorf("settling: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrSettled
	}
	return nil
}

// checkRefunds tells whether an operation that goes back to a sale or a prepayment is not in the way of a refund by QR,
// and whether one that says "paid back by QR" settles a refund of that payment and sum, and no other.
func (w *writer) checkRefunds(settles, basis string, payments []register.Payment) error {
	open, err := openRefund(w.ctx, w.tx, `basis = ?`, basis)
	switch {
	case err != nil && !errors.Is(err, ErrNoRefund):
		return err
	case err == nil && open.ID != settles:
		return ErrRefundOpen
	}
	for _, p := range payments {
		if p.Method == register.QR && (open.ID == "" || p.QRID != open.Payment || p.Amount != open.Amount) {
			return fmt.Errorf("%w: %s back by QR %q", register.ErrRefund, p.Amount, p.QRID)
		}
	}
	return nil
}
