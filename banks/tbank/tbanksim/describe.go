package tbanksim

import (
	"kassa/banks"
	"kassa/banks/banksim"
)

// Sim describes the practice bank for a program that opens any.
func Sim() banksim.Sim {
	sim := banksim.Sim{
		Name:  "tbank",
		Title: "T-Bank, SBP",
		Flags: []banksim.Flag{
			{Name: "terminal", Usage: "the terminal `key` (TerminalKey); one that ends in DEMO may use SbpPayTest", Default: "PracticeDEMO"},
			{Name: "password", Usage: "the terminal's `password`; a practice one, not your bank's", Default: "practice"},
			{Name: "notify", Usage: "the `URL` that notifications go to; none are sent without one"},
		},
	}
	sim.Open = func(o banksim.Options) (*banksim.Bank, error) {
		c := Config{
			Terminal: o.Value(sim, "terminal"), Password: o.Value(sim, "password"), Notify: o.Value(sim, "notify"), Clock: o.Clock, Log: o.Log,
		}
		b, err := New(c)
		if err != nil {
			return nil, err
		}
		return &banksim.Bank{
			Handler:  b.Handler(),
			Path:     "/v2/",
			Settings: banks.Settings{"terminal": c.Terminal, "password": c.Password},
			Held:     b.Held,
			Run:      b.Run,
		}, nil
	}
	return sim
}

// Held lists the payments, oldest first, as whoever compares the books with the bank wants them.
func (b *Bank) Held() []banksim.Held {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []banksim.Held
	for _, p := range b.payments {
		p.tick(b.conf.Clock())
		list = append(list, banksim.Held{ID: p.order, BankID: p.id, Amount: p.amount, Paid: p.paid, Refunded: p.refunded})
	}
	return list
}
