package simulation_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
)

// TestTheTillHearsOfLateMoneyWithItsServer: a buyer who pays just after the cashier has cancelled stands at the counter. As soon as
// the server knows, by a notification of the bank's or by its own question, the till knows too.
func TestTheTillHearsOfLateMoneyWithItsServer(t *testing.T) {
	g := openGame(t)
	for seed := uint64(0); seed < uint64(len(g.sims)); seed++ {
		t.Run(g.sims[seed].Name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := openShop(t, seed, dir, g.pins, g.sims, g.premises, nil)
				defer s.shut()
				s.hearsOfLateMoney()
			})
		})
	}
}

func (s *shop) hearsOfLateMoney() {
	ctx := context.Background()
	s.must(s.SignIn(ctx, pin))
	s.must(s.OpenShift(ctx))
	s.ring(ctx)
	s.must(s.StartQR(ctx))
	time.Sleep(30 * time.Second)
	id := s.View().QR.ID
	s.must(s.CancelQR(ctx))
	time.Sleep(30 * time.Second)
	s.must(s.CloseQR(ctx))
	held := s.held(id)
	if len(held) != 1 {
		s.t.Fatalf("%d payments at the bank", len(held))
	}
	s.must(s.control("payments/%s/pay?late=true", held[0].BankID))
	if _, err := s.back.payments.AskNow(ctx, s.back.account, uuid.MustParse(id)); err != nil {
		s.t.Fatal(err)
	}
	if a := s.back.attempt(id); a.State != banks.StatePaid {
		s.t.Fatalf("the server has it %s", a.State)
	}
	time.Sleep(20 * time.Second)
	if late := s.View().Late; len(late) != 1 || late[0].ID != id {
		s.t.Errorf("the till shows %+v", late)
	}
}
