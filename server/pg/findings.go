package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kassa/register"
	"kassa/sync/wire"
)

// TroubleKind is what wants a person about a payment.
type TroubleKind string

// The kinds of trouble, each with the way out of it.
const (
	TroubleLate           TroubleKind = "late"            // paid after it was closed: finish it as a sale, or give it back
	TroubleRefundFailed   TroubleKind = "refund_failed"   // the bank did not carry a refund out: try again, or pay otherwise
	TroubleRefundUnknown  TroubleKind = "refund_unknown"  // the bank cannot tell: look there, then RefundSeen or RefundLost
	TroubleAmountDiffers  TroubleKind = "amount_differs"  // the bank speaks of another sum: ask the bank; ends by itself
	TroubleNoEnd          TroubleKind = "no_end"          // open long after its code's end: look at the bank, perhaps MarkPaid
	TroubleOutsideRefund  TroubleKind = "outside_refund"  // given back at the bank: make the return at the till, close
	TroubleWithoutSale    TroubleKind = "without_sale"    // paid, and no operation names it: give it back, or close
	TroubleWithoutPayment TroubleKind = "without_payment" // an operation names a payment that is not paid: look into it, close
	TroubleBooksDiffer    TroubleKind = "books_differ"    // money went back and no return names it, or the other way round: a return at the till, close
	TroubleNotOurs        TroubleKind = "not_ours"        // the registry has a payment that we have not
	TroubleNotAtBank      TroubleKind = "not_at_bank"     // ours is paid, and the registry has it not
	TroubleSumsDiffer     TroubleKind = "sums_differ"     // the registry names other sums
)

// TroubleKinds lists every kind.
func TroubleKinds() []TroubleKind {
	return []TroubleKind{TroubleLate, TroubleRefundFailed, TroubleRefundUnknown, TroubleAmountDiffers, TroubleNoEnd, TroubleOutsideRefund,
		TroubleWithoutSale, TroubleWithoutPayment, TroubleBooksDiffer, TroubleNotOurs, TroubleNotAtBank, TroubleSumsDiffer}
}

// Closable tells whether CloseTrouble may end a trouble of this kind; the others end when what is behind them does.
func (k TroubleKind) Closable() bool {
	switch k {
	case TroubleRefundUnknown, TroubleAmountDiffers, TroubleNoEnd:
		return false
	}
	return true
}

// Finding is what a comparison found.
type Finding struct {
	Kind    TroubleKind
	Subject string    // a payment's id, BankSubject, or OperationSubject
	Payment uuid.UUID // zero where there is none of ours
	Setting uuid.UUID
	BankID  string
	Ours    register.Money // what the books say
	Theirs  register.Money // what the bank says
	At      time.Time      // of the payment
}

// BankSubject names a payment that only the bank has.
func BankSubject(setting uuid.UUID, bankID string) string { return setting.String() + ":" + bankID }

// OperationSubject names an operation.
func OperationSubject(journal uuid.UUID, number int64) string {
	return fmt.Sprintf("%s/%d", journal, number)
}

// addFinding stores a finding. One that was found before stays as it is, closed if a person closed it, unless the sums are
// other ones now.
func addFinding(ctx context.Context, tx pgx.Tx, now time.Time, account uuid.UUID, f Finding) error {
	_, err := tx.Exec(ctx, `insert into payment_findings as f
			(account_id, kind, subject, payment_id, setting_id, bank_id, ours, theirs, at, found_at, who, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '')
		on conflict (account_id, kind, subject) do update
		set ours = excluded.ours, theirs = excluded.theirs, found_at = excluded.found_at, closed_at = null, who = '', reason = ''
		where (f.ours, f.theirs) <> (excluded.ours, excluded.theirs)`,
		account, string(f.Kind), f.Subject, idOrNull(f.Payment), idOrNull(f.Setting), f.BankID, f.Ours, f.Theirs, f.At, now)
	return err
}

// CloseTrouble ends a trouble because a person has dealt with it: who, when and why is kept. The error is ErrNotFound when
// there is no such trouble, ErrConflict for a kind that is not Closable.
func (s *Store) CloseTrouble(ctx context.Context, now time.Time, account uuid.UUID, kind TroubleKind, subject string, by By) error {
	err := ErrConflict
	if kind.Closable() {
		err = s.inTx(ctx, func(tx pgx.Tx) error {
			switch kind {
			case TroubleLate, TroubleRefundFailed:
				return closeOnPayment(ctx, tx, now, account, kind, subject, by)
			case TroubleWithoutSale, TroubleWithoutPayment, TroubleBooksDiffer:
				return closeComputed(ctx, tx, now, account, kind, subject, by)
			}
			return closeFinding(ctx, tx, now, account, kind, subject, by)
		})
	}
	if err != nil {
		return fmt.Errorf("closing the trouble %s of %s: %w", kind, subject, err)
	}
	return nil
}

func closeFinding(ctx context.Context, tx pgx.Tx, now time.Time, account uuid.UUID, kind TroubleKind, subject string, by By) error {
	var payment *uuid.UUID
	err := tx.QueryRow(ctx, `update payment_findings set closed_at = $4, who = $5, reason = $6
		where account_id = $1 and kind = $2 and subject = $3 and closed_at is null returning payment_id`,
		account, string(kind), subject, now, by.Name, by.Reason).Scan(&payment)
	if err != nil || payment == nil {
		return found(err)
	}
	return tell(ctx, tx, now, account, *payment, CauseClosed, by)
}

// closeOnPayment closes what stands in the payment's own row.
func closeOnPayment(ctx context.Context, tx pgx.Tx, now time.Time, account uuid.UUID, kind TroubleKind, subject string, by By) error {
	id, err := uuid.Parse(subject)
	if err != nil {
		return ErrNotFound
	}
	change, where := `late_at = null`, `late_at is not null`
	if kind == TroubleRefundFailed {
		change, where = `trouble = '', message = ''`, `trouble = '`+wire.TroubleRefundFailed+`'`
	}
	tag, err := tx.Exec(ctx, `update payments set `+change+` where account_id = $1 and payment_id = $2 and `+where, account, id)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return ErrNotFound
	}
	return tell(ctx, tx, now, account, id, CauseClosed, by)
}

// closeComputed notes that what is found each time anew is dealt with.
func closeComputed(ctx context.Context, tx pgx.Tx, now time.Time, account uuid.UUID, kind TroubleKind, subject string, by By) error {
	list, err := computedTroubles(ctx, tx, now, account, kind, subject)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return ErrNotFound
	}
	t := list[0]
	_, err = tx.Exec(ctx, `insert into payment_findings
			(account_id, kind, subject, payment_id, setting_id, bank_id, ours, theirs, at, found_at, closed_at, who, reason)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)
		on conflict (account_id, kind, subject) do update
		set ours = excluded.ours, theirs = excluded.theirs, closed_at = excluded.closed_at, who = excluded.who, reason = excluded.reason`,
		account, string(kind), subject, idOrNull(t.Payment), idOrNull(t.Setting), t.BankID, t.Ours, t.Theirs, t.Since, now, by.Name, by.Reason)
	if err != nil || t.Payment == (uuid.UUID{}) {
		return err
	}
	return tell(ctx, tx, now, account, t.Payment, CauseClosed, by)
}

// Note writes down what a person has to say about a payment. The error is ErrNotFound.
func (s *Store) Note(ctx context.Context, now time.Time, account, id uuid.UUID, by By) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error { return tell(ctx, tx, now, account, id, CauseNote, by) })
	if err != nil {
		return fmt.Errorf("noting something about payment %s: %w", id, err)
	}
	return nil
}

// tell adds a line to a payment's story that moves nothing.
func tell(ctx context.Context, tx pgx.Tx, now time.Time, account, id uuid.UUID, cause string, by By) error {
	p, err := one(queryPayments(ctx, tx, `update payments set revision = revision + 1, updated_at = $3
		where account_id = $1 and payment_id = $2 returning `+paymentColumns, account, id, now))
	if err != nil {
		return err
	}
	return addEvent(ctx, tx, p, cause, by)
}
