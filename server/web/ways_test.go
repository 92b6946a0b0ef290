package web_test

import (
	"context"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/register"
	"kassa/server/payments"
	"kassa/server/pg"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

// silent is a bank that cannot tell what became of a refund.
type silent struct{ banks.Bank }

func (b silent) State(_ context.Context, r banks.Ref) (banks.Answer, error) {
	return banks.Answer{State: banks.StatePaid, BankID: r.BankID}, nil
}

func (b silent) Cancel(context.Context, banks.Ref) (banks.Answer, error) {
	return banks.Answer{}, banks.ErrUnknown
}

// TestARefundOfWhichTheBankCannotTell is decided by a person who has looked.
func TestARefundOfWhichTheBankCannotTell(t *testing.T) {
	for do, want := range map[string]struct {
		state banks.State
		text  string
	}{
		"seen": {banks.StatePartlyRefunded, "Владелец увидел возврат в банке"},
		"lost": {banks.StatePaid, "Владелец не нашёл возврата в банке"},
	} {
		t.Run(do, func(t *testing.T) {
			s := openShop(t)
			p := s.paid("Покупка")
			service := payments.New(payments.Config{Store: s.w.Store, Key: s.w.Key, Clock: s.w.Clock.Now, Logger: slog.New(slog.DiscardHandler),
				Open: func(b pg.BankSetting, clock func() time.Time) (banks.Bank, error) {
					bank, err := payments.Open(b, clock)
					return silent{servertest.Eager(bank)}, err
				}})
			till, err := s.w.Store.Authenticate(t.Context(), s.w.Clock.Now(), s.w.Secret)
			s.ok(err)
			id := uuid.MustParse(p.ID)
			_, err = service.Refund(t.Context(), till, id, wire.Refund{ID: uuid.NewString(), Amount: 100_00})
			s.ok(err)
			for range 8 {
				_, err := service.AskNow(t.Context(), s.w.Owner.Account, id)
				s.ok(err)
			}
			page := s.get("/payments/" + p.ID)
			page.expect(t, "Исход возврата неизвестен", "/payments/"+p.ID+"/seen", "/payments/"+p.ID+"/lost", "исход неизвестен")
			page.expectNot(t, "/payments/"+p.ID+"/refund", "/payments/"+p.ID+"/paid")
			s.do("POST", "/payments/"+p.ID+"/"+do, url.Values{"reason": {"Смотрел выписку"}}).expect(t, "Записано.", want.text, "Смотрел выписку")
			if got := s.stored(p.ID); got.Attempt.State != want.state {
				t.Errorf("the payment is %+v", got.Attempt)
			}
		})
	}
}

// TestASaleNamesItsPayment on the payment's page, and one whose payment is not paid is a trouble.
func TestASaleNamesItsPayment(t *testing.T) {
	s := openShop(t)
	p := s.paid("Торт")
	j := &servertest.Journal{ID: journalID}
	j.Add(t, s.w.Clock.Now(), register.KindShiftOpened, register.ShiftOpened{})
	for _, payment := range []string{p.ID, uuid.NewString()} {
		var cart register.Cart
		_, err := cart.Add(register.Product{ID: "cake", Name: "Торт", Unit: register.Piece, Price: 540_00, VAT: register.VAT22}, register.One)
		s.ok(err)
		sale, err := register.NewSale(&cart, []register.Payment{{Method: register.QR, Amount: 540_00, QRID: payment, Bank: "tbank"}})
		s.ok(err)
		sale.Receipt = int64(len(j.Records))
		s.w.Clock.Move(time.Second)
		j.Add(t, s.w.Clock.Now(), register.KindSale, sale)
	}
	var ack wire.Ack
	s.w.Upload(s.w.Secret, j, 0, int64(len(j.Records))).Into(&ack)
	s.get("/payments/"+p.ID).expect(t, "Операции кассы", `href="`+at(2)+`"`, "Продажа", "540,00 ₽")
	s.get("/troubles").expect(t, "Всё в порядке")
	s.w.Clock.Move(20 * time.Minute)
	list := s.get("/troubles")
	list.expect(t, "Продажа без оплаты", `href="`+at(3)+`"`, "/troubles/close?kind=without_payment")
	list.expectNot(t, "/payments/00000000", "/paid")
	form := url.Values{"kind": {"without_payment"}, "subject": {journalID + "/3"}, "reason": {"Оплачено наличными"}}
	s.do("POST", "/troubles/close", form).expect(t, "Записано.", "Всё в порядке")
}
