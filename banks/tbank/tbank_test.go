package tbank_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banktest"
	"kassa/banks/tbank"
	"kassa/banks/tbank/tbanksim"
)

const (
	terminal = "1700000000001DEMO"
	password = "sim-Pa55"
)

// open starts a practice bank on loopback and gives it with its address and its clock.
func open(t *testing.T) (*tbanksim.Bank, string, *banktest.Clock) {
	t.Helper()
	return openWith(t, tbanksim.Config{})
}

// openWith does so with some things about it chosen.
func openWith(t *testing.T, conf tbanksim.Config) (*tbanksim.Bank, string, *banktest.Clock) {
	t.Helper()
	c := banktest.NewClock()
	conf.Terminal, conf.Password, conf.Clock, conf.Hang = terminal, password, c.Now, 20*time.Millisecond
	sim, err := tbanksim.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	return sim, server.URL + "/v2/", c
}

// connect gives an adapter for it.
func connect(t *testing.T, url, password string, c *banktest.Clock, timeout time.Duration) *tbank.Bank {
	t.Helper()
	b, err := tbank.New(tbank.Config{BaseURL: url, Terminal: terminal, Password: password, Clock: c.Now, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBank runs the suite against both meanings that a sum may have after a refund: the document does not say which it is.
func TestBank(t *testing.T) {
	for name, shrinks := range map[string]bool{"the sum stays": false, "the sum is the rest": true} {
		t.Run(name, func(t *testing.T) { suite(t, shrinks) })
	}
}

func suite(t *testing.T, shrinks bool) {
	banktest.Run(t, func(t *testing.T) banktest.Fixture {
		sim, url, c := openWith(t, tbanksim.Config{AmountShrinks: shrinks})
		once := func(f tbanksim.Fault, method string) func() {
			return func() {
				if err := sim.Break(tbanksim.FaultPlan{Name: f, Times: 1, Method: method}); err != nil {
					t.Fatal(err)
				}
			}
		}
		return banktest.Fixture{
			Bank: connect(t, url, password, c, time.Minute),
			Now:  c.Now, Advance: c.Advance,
			Pay:             func(id string) error { return sim.Pay(id, false) },
			PayLate:         func(id string) error { return sim.Pay(id, true) },
			Process:         sim.Process,
			Reject:          sim.Reject,
			RefundOutside:   sim.Refund,
			At:              func(id string) []banktest.Held { return held(sim, id) },
			Troubles:        troubles(t, sim),
			Mend:            sim.Mend,
			PayDuringCancel: once(tbanksim.PaidDuringCancel, ""),
			FailRefund:      once(tbanksim.RefundFails, ""),
			NoBalance:       once(tbanksim.RefundNoBalance, ""),
			NextCodeDiffers: once(tbanksim.PayloadOtherSum, ""),
			NextSumDiffers:  once(tbanksim.AmountDiffers, "GetState"),
			Refuse:          once(tbanksim.SBPOff, ""),

			NextCodeOtherCurrency: once(tbanksim.PayloadCurrency, ""),
			NextCodeBare:          once(tbanksim.PayloadBare, ""),
			Notice: func(id string) (http.Header, []byte) {
				header, body, err := sim.Notice(id)
				if err != nil {
					t.Fatal(err)
				}
				return header, body
			},
			WrongPassword: func(t *testing.T) banks.Bank {
				return connect(t, url, "wrong", c, time.Minute)
			},
		}
	})
}

// troubles are the faults of the connection and of the answer, at each method and at all of them for good.
func troubles(t *testing.T, sim *tbanksim.Bank) map[string]func() {
	arm := func(f tbanksim.Fault, method string, times int) func() {
		return func() {
			plan := tbanksim.FaultPlan{Name: f, Times: times, Method: method, Delay: 20 * time.Millisecond}
			if err := sim.Break(plan); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := map[string]func(){}
	for _, f := range []tbanksim.Fault{
		tbanksim.AnswerLost, tbanksim.AnswerHangs, tbanksim.RequestLost, tbanksim.RequestHangs, tbanksim.HTTP500,
		tbanksim.HTTP503, tbanksim.HTTP504, tbanksim.HTTP429, tbanksim.HTTP500After, tbanksim.Slow, tbanksim.Nonsense,
		tbanksim.Truncated, tbanksim.Huge, tbanksim.Redirect, tbanksim.SuccessString, tbanksim.PaymentIDNumber,
		tbanksim.PaymentIDString, tbanksim.ErrorCodeNumber, tbanksim.OtherTerminal, tbanksim.OtherPayment,
		tbanksim.UnknownStatus, tbanksim.AmountMissing, tbanksim.PayloadBare, tbanksim.PayloadCRC,
		tbanksim.PayloadMissing, tbanksim.CheckOrderSecond, tbanksim.CheckOrderPlain, tbanksim.Refuse, tbanksim.NotFound,
	} {
		all[string(f)+" once"] = arm(f, "", 1)
		all[string(f)+" for good"] = arm(f, "", 0)
	}
	for _, f := range []tbanksim.Fault{tbanksim.AnswerLost, tbanksim.RequestLost, tbanksim.Nonsense, tbanksim.Refuse} {
		for _, method := range []string{"Init", "GetQr", "GetState", "CheckOrder", "Cancel", "GetQrState"} {
			all[string(f)+" at "+method] = arm(f, method, 1)
		}
	}
	return all
}

func held(sim *tbanksim.Bank, id string) []banktest.Held {
	var list []banktest.Held
	for _, p := range sim.Held() {
		if p.ID == id {
			list = append(list, banktest.Held{BankID: p.BankID, Paid: p.Paid, Amount: p.Amount, Refunded: p.Refunded})
		}
	}
	return list
}
