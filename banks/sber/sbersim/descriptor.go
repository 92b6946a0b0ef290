package sbersim

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strconv"

	"kassa/banks"
	"kassa/banks/banksim"
)

// Sim describes the practice bank; see package banksim. It asks its callers for a certificate as the bank does, and tells
// one among the settings; for a client that cannot show any there is plain HTTP.
func Sim() banksim.Sim {
	s := banksim.Sim{
		Name:  "sber",
		Title: "Sber, Pay QR",
		Flags: []banksim.Flag{
			{Name: "client-id", Usage: "the client's `id`", Default: "practice"},
			{Name: "client-secret", Usage: "the client's `secret`; a practice one, not your bank's", Default: "practice-secret"},
			{Name: "member-id", Usage: "the client's `number` (member_id), at most 8 characters", Default: "00000001"},
			{Name: "id-qr", Usage: "the `number` of the code or terminal (id_qr)", Default: "20000001"},
			{Name: "tid", Usage: "the terminal's `number`, where it is not id_qr"},
			{Name: "notify", Usage: "the `URL` that notifications go to; none are sent without one"},
			{Name: "tls", Usage: "`true`: TLS with certificates on both sides; false: plain HTTP", Default: "true"},
			{Name: "stub", Usage: "`true`: an order is paid by itself after a minute, one for 60.02 ends in HTTP 504", Default: "false"},
			{Name: "refunded", Usage: "`true`: an order of which money went back is REFUNDED; false: it stays PAID", Default: "false"},
			{Name: "rate", Usage: "`calls` a second, above which HTTP 429 comes; 0 for no limit", Default: "0"},
		},
	}
	s.Open = func(o banksim.Options) (*banksim.Bank, error) { return openSim(s, o) }
	return s
}

func openSim(s banksim.Sim, o banksim.Options) (*banksim.Bank, error) {
	value := func(name string) string { return o.Value(s, name) }
	flags := map[string]bool{}
	for _, name := range []string{"tls", "stub", "refunded"} {
		is, err := strconv.ParseBool(value(name))
		if err != nil {
			return nil, fmt.Errorf("sbersim: %s is true or false, not %q", name, value(name))
		}
		flags[name] = is
	}
	rate, err := strconv.Atoi(value("rate"))
	if err != nil || rate < 0 {
		return nil, fmt.Errorf("sbersim: rate is a number from zero, not %q", value("rate"))
	}
	b, err := New(Config{
		ClientID: value("client-id"), ClientSecret: value("client-secret"), MemberID: value("member-id"), IDQR: value("id-qr"),
		TID: value("tid"), Notify: value("notify"), Clock: o.Clock, Random: o.Rand, Stub: flags["stub"], ShowRefunded: flags["refunded"], Rate: rate,
	})
	if err != nil {
		return nil, err
	}
	sim := &banksim.Bank{
		Handler: b.Handler(), Path: "/", Held: b.held, Run: b.Run,
		Settings: banks.Settings{
			"client_id": b.conf.ClientID, "client_secret": b.conf.ClientSecret, "member_id": b.conf.MemberID, "id_qr": b.conf.IDQR,
			"tid": b.conf.TID,
		},
	}
	if !flags["tls"] {
		return sim, nil
	}
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	sim.TLS, err = certify(o.Host, sim.Settings)
	if err != nil {
		return nil, err
	}
	controls := http.NewServeMux()
	b.addControls(controls)
	sim.Control = controls
	return sim, nil
}

// certify makes the certificates of both sides, and puts the client's among the settings.
func certify(host string, settings banks.Settings) (*tls.Config, error) {
	ca, err := NewCA()
	if err != nil {
		return nil, err
	}
	client, err := ca.Client("practice client", ca.cert.NotAfter)
	if err != nil {
		return nil, err
	}
	settings["cert"], settings["key"], settings[banks.FieldCA] = client.Cert, client.Key, ca.PEM()
	return ca.TLSConfig(host)
}

// held lists the orders for whoever compares the books with the bank.
func (b *Bank) held() []banksim.Held {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []banksim.Held
	for _, o := range b.orders {
		b.tick(o)
		list = append(list, banksim.Held{ID: o.number, BankID: o.id, Amount: o.amount, Paid: o.payment() != nil, Refunded: o.back()})
	}
	return list
}
