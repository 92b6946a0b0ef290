package raiffeisen_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/raiffeisen/raiffeisensim"
)

func TestBank(t *testing.T) {
	banktest.Run(t, func(t *testing.T) banktest.Fixture {
		sim, url, c := open(t)
		once := func(f banksim.Fault, method string) func() { return arm(t, sim, f, method, 1) }
		return banktest.Fixture{
			Bank: connect(t, url, secretKey, c, time.Minute),
			Now:  c.Now, Advance: c.Advance,
			Pay:     func(id string) error { return sim.Pay(id, false) },
			PayLate: func(id string) error { return sim.Pay(id, true) },
			Process: sim.Process,
			// The bank lets a payer who was refused try again for as long as the code lives.
			Reject:                func(id string) error { return errors.Join(sim.Reject(id), sim.Expire(id)) },
			At:                    func(id string) []banktest.Held { return held(sim, id) },
			Troubles:              troubles(t, sim),
			Mend:                  sim.Faults().Mend,
			PayDuringCancel:       once(raiffeisensim.PaidDuringCancel, ""),
			FailRefund:            once(raiffeisensim.RefundFails, ""),
			NextCodeDiffers:       once(raiffeisensim.PayloadOtherSum, "Register"),
			NextCodeOtherCurrency: once(raiffeisensim.PayloadCurrency, "Register"),
			NextCodeBare:          once(raiffeisensim.PayloadBare, "Register"),
			NextSumDiffers:        once(raiffeisensim.AmountDiffers, "PaymentInfo"),
			Notice: func(id string) (http.Header, []byte) {
				header, body, ok := sim.Notice(id)
				if !ok {
					t.Fatal("nothing to tell")
				}
				return header, body
			},
			Refuse:        once(raiffeisensim.Refuse, "Register"),
			WrongPassword: func(t *testing.T) banks.Bank { return connect(t, url, "wrong-key", c, time.Minute) },
		}
	})
}

// troubles are the faults of the connection and of the answer, at each call and at all of them for good.
func troubles(t *testing.T, sim *raiffeisensim.Bank) map[string]func() {
	all := map[string]func(){}
	for _, f := range []banksim.Fault{
		banksim.AnswerLost, banksim.AnswerHangs, banksim.RequestLost, banksim.RequestHangs, banksim.HTTP500,
		banksim.HTTP503, banksim.HTTP504, banksim.HTTP429, banksim.HTTP500After, banksim.Slow, banksim.Nonsense,
		banksim.Truncated, banksim.Huge, banksim.Redirect, raiffeisensim.Empty, raiffeisensim.UnknownStatus,
		raiffeisensim.AmountMissing, raiffeisensim.AmountString, raiffeisensim.AmountExponent,
		raiffeisensim.OtherPayment, raiffeisensim.OtherOrder, raiffeisensim.PayloadBare, raiffeisensim.PayloadCRC,
		raiffeisensim.PayloadMissing, raiffeisensim.Refuse, raiffeisensim.NotFound,
	} {
		all[string(f)+" once"] = arm(t, sim, f, "", 1)
		all[string(f)+" for good"] = arm(t, sim, f, "", 0)
	}
	for _, f := range []banksim.Fault{banksim.AnswerLost, banksim.RequestLost, banksim.Nonsense, raiffeisensim.Refuse} {
		for _, method := range []string{"Register", "QR", "PaymentInfo", "Delete", "Refund", "RefundInfo"} {
			all[string(f)+" at "+method] = arm(t, sim, f, method, 1)
		}
	}
	return all
}

func held(sim *raiffeisensim.Bank, id string) []banktest.Held {
	var list []banktest.Held
	for _, h := range sim.Held() {
		if h.ID == id {
			list = append(list, banktest.Held{BankID: h.BankID, Paid: h.Paid, Amount: h.Amount, Refunded: h.Refunded})
		}
	}
	return list
}
