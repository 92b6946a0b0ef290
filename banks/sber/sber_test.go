package sber_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kassa/banks"
	"kassa/banks/banksim"
	"kassa/banks/banktest"
	"kassa/banks/sber"
	"kassa/banks/sber/sbersim"
)

// The contract with the practice bank.
const (
	clientID = "practice"
	secret   = "s3cr3t-Pa55"
	memberID = "00001234"
	idQR     = "20001234"
)

// world is a practice bank on loopback, an adapter for it, and the clock of both.
type world struct {
	sim   *sbersim.Bank
	bank  *sber.Bank
	conf  sber.Config
	clock *banktest.Clock
}

// open starts a practice bank. Its orders expire with the codes of the suite, which the real bank's do not: the suite
// asks for it.
func open(t *testing.T, change ...func(*sbersim.Config)) world {
	t.Helper()
	c := banktest.NewClock()
	conf := sbersim.Config{
		ClientID: clientID, ClientSecret: secret, MemberID: memberID, IDQR: idQR, Clock: c.Now, Hang: 20 * time.Millisecond,
		Life: 15 * time.Minute,
	}
	for _, f := range change {
		f(&conf)
	}
	sim, err := sbersim.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim.Handler())
	t.Cleanup(server.Close)
	w := world{sim: sim, clock: c, conf: config(server.URL, c)}
	w.bank = connect(t, w.conf)
	return w
}

func config(url string, c *banktest.Clock) sber.Config {
	return sber.Config{
		BaseURL: url, ClientID: clientID, ClientSecret: secret, MemberID: memberID, IDQR: idQR, Kind: sber.KindSBP, Clock: c.Now,
		Timeout: time.Minute,
	}
}

func connect(t *testing.T, c sber.Config) *sber.Bank {
	t.Helper()
	b, err := sber.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openTLS starts a practice bank that asks for a certificate, and opens its adapter with the settings of an owner.
func openTLS(t *testing.T) world {
	t.Helper()
	c := banktest.NewClock()
	sim, err := sbersim.New(sbersim.Config{
		ClientID: clientID, ClientSecret: secret, MemberID: memberID, IDQR: idQR, Clock: c.Now, Hang: 20 * time.Millisecond,
		Life: 15 * time.Minute, ShowRefunded: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	url, settings := secured(t, sim.Handler())
	w := world{sim: sim, clock: c, conf: config(url, c)}
	settings[banks.FieldURL] = url
	opened, err := sber.Adapter().Open(settings, banks.Options{Clock: c.Now, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	w.bank = opened.(*sber.Bank)
	return w
}

// authority makes certificates for all tests.
var authority = sync.OnceValues(sbersim.NewCA)

// secured serves over TLS with certificates on both sides, and gives the address and the settings for it.
func secured(t *testing.T, h http.Handler) (string, banks.Settings) {
	t.Helper()
	ca, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := ca.Listen(plain)
	if err != nil {
		t.Fatal(err)
	}
	silent := log.New(io.Discard, "", 0) // handshakes that must fail do
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: silent}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	pair, err := ca.Client("till", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return "https://" + plain.Addr().String(), banks.Settings{
		"client_id": clientID, "client_secret": secret, "member_id": memberID, "id_qr": idQR, "cert": pair.Cert, "key": pair.Key,
		banks.FieldCA: ca.PEM(),
	}
}

func TestBank(t *testing.T) {
	banktest.Run(t, func(t *testing.T) banktest.Fixture { return fixture(t, open(t), true) })
}

// TestBankOverTLS runs the suite with certificates on both sides, at a bank that shows REFUNDED. The troubles of the
// connection are the same and are left out.
func TestBankOverTLS(t *testing.T) {
	banktest.Run(t, func(t *testing.T) banktest.Fixture { return fixture(t, openTLS(t), false) })
}

func fixture(t *testing.T, w world, withTroubles bool) banktest.Fixture {
	once := func(f banksim.Fault, method string) func() {
		return func() {
			if err := w.sim.Break(banksim.Plan{Name: f, Times: 1, Method: method, Code: "030000"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	f := banktest.Fixture{
		Bank: w.bank,
		Now:  w.clock.Now, Advance: w.clock.Advance,
		Pay:                   func(id string) error { return w.sim.Pay(id, false) },
		PayLate:               func(id string) error { return w.sim.Pay(id, true) },
		Process:               w.sim.Process,
		Reject:                w.sim.Reject,
		At:                    func(id string) []banktest.Held { return held(w.sim, id) },
		Mend:                  w.sim.Mend,
		RefundOutside:         w.sim.Refund,
		CodeOnce:              true,
		PayDuringCancel:       once(sbersim.PaidDuringCancel, ""),
		NoBalance:             once(sbersim.RefundNoBalance, ""),
		NextCodeDiffers:       once(sbersim.PayloadOtherSum, ""),
		NextSumDiffers:        once(sbersim.AmountDiffers, "status"),
		NextCodeBare:          once(sbersim.PayloadBare, ""),
		NextCodeOtherCurrency: once(sbersim.PayloadOtherCurrency, ""),
		Refuse:                once(sbersim.Refuse, "creation"),
		Notice: func(id string) (http.Header, []byte) {
			body, err := w.sim.Notice(id)
			if err != nil {
				t.Error(err)
			}
			return http.Header{"Content-Type": {"application/json"}}, body
		},
		NoticeUnsigned: true,
		WrongPassword: func(t *testing.T) banks.Bank {
			c := config(w.conf.BaseURL, w.clock)
			if !withTroubles {
				_, settings := secured(t, http.NotFoundHandler())
				settings[banks.FieldURL], settings["client_secret"] = w.conf.BaseURL, "wrong"
				b, err := sber.Adapter().Open(settings, banks.Options{Clock: w.clock.Now})
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			c.ClientSecret = "wrong"
			return connect(t, c)
		},
	}
	if withTroubles {
		f.Troubles = troubles(t, w.sim)
	}
	return f
}

// troubles are the faults of the connection and of the answer, at each method and at all of them for good.
func troubles(t *testing.T, sim *sbersim.Bank) map[string]func() {
	arm := func(f banksim.Fault, method string, times int) func() {
		return func() {
			if err := sim.Break(banksim.Plan{Name: f, Times: times, Method: method, Delay: 20 * time.Millisecond}); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := map[string]func(){}
	for _, f := range []banksim.Fault{
		banksim.AnswerLost, banksim.AnswerHangs, banksim.RequestLost, banksim.RequestHangs, banksim.HTTP500, banksim.HTTP503,
		banksim.HTTP504, banksim.HTTP429, banksim.HTTP500After, banksim.Slow, banksim.Nonsense, banksim.Truncated,
		banksim.Redirect, sbersim.TokenExpired, sbersim.TokenWrongScope, sbersim.OtherRequest, sbersim.ErrorCodeMissing,
		sbersim.UnknownStatus, sbersim.OtherPayment, sbersim.AmountMissing, sbersim.AmountString, sbersim.CurrencyDiffers,
		sbersim.OperationsHidden, sbersim.PayloadBare, sbersim.PayloadCRC, sbersim.PayloadMissing, sbersim.Refuse,
		sbersim.NotFound, sbersim.CreationDeclined, sbersim.RefundLate,
	} {
		all[string(f)+" once"] = arm(f, "", 1)
		all[string(f)+" for good"] = arm(f, "", 0)
	}
	all["huge once"] = arm(banksim.Huge, "", 1)
	for _, f := range []banksim.Fault{banksim.AnswerLost, banksim.RequestLost, banksim.Nonsense, banksim.HTTP504} {
		for _, method := range []string{"oauth", "creation", "status", "revocation", "cancel"} {
			all[string(f)+" at "+method] = arm(f, method, 1)
		}
	}
	return all
}

func held(sim *sbersim.Bank, id string) []banktest.Held {
	var list []banktest.Held
	for _, p := range sim.Payments(id) {
		paid := p.Status == "PAID" || p.Status == "REFUNDED" || p.Status == "REVERSED"
		list = append(list, banktest.Held{BankID: p.ID, Paid: paid, Amount: p.Amount, Refunded: p.Refunded})
	}
	return list
}
