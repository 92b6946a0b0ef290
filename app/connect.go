package app

import (
	"context"
	"net/url"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks/every"
)

// linkRows are the server and the bank that the till works with.
func (p *settingsPage) linkRows() []setting {
	w, st := p.w, p.state
	server := p.row("server")
	server.value = w.T("app.set.connect")
	if st.links.Server != "" {
		_, state := w.serverGauge(w.view.Server)
		server.value = clip(st.links.Server, 40) + "\n" + state
	}
	server.do = p.pair
	bank := p.row("bank")
	switch {
	case st.links.Server != "":
		bank.value, bank.about, bank.plain = w.T("app.bank.by_server"), w.T("app.set.bank_server"), true
	case st.links.Bank != "":
		bank.value, bank.do = w.ownBank(st.links), p.chooseBank
	default:
		bank.value = w.T("app.set.connect")
		bank.do = p.chooseBank
	}
	return []setting{server, bank}
}

// ownBank names the bank that the till asks itself, and how it is reached.
func (w *Window) ownBank(links till.Connections) string {
	name := links.Bank
	if a, ok := every.Bank(links.Bank); ok {
		name = a.Title.In(w.lang.Tag())
	}
	_, state := w.bankGauge(w.view.Bank)
	return clip(name, 40) + "\n" + state
}

// pair asks for the server's address and a one-time code.
func (p *settingsPage) pair() {
	w := p.w
	now := p.state.links.Server
	if now == "" {
		now = "https://"
	}
	w.askTextAnew(func() textQuestion {
		return textQuestion{title: w.T("app.set.server_title"), text: w.T("app.set.server_text"), now: now, most: 200, sign: kit.SignServer, yes: w.T("app.set.next"),
			take: func(address string, then func(error)) {
				u, err := url.Parse(address)
				if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
					then(&refusal{key: "app.set.bad_server"})
					return
				}
				then(nil)
				w.askTextAnew(func() textQuestion {
					return textQuestion{title: w.T("app.set.code_title"), text: w.T("app.set.code_text"), most: 40, scan: true, sign: kit.SignLock, yes: w.T("app.set.connect"),
						take: func(code string, then func(error)) {
							w.inform(w.T("app.set.connecting"))
							w.gate.commit(func(ctx context.Context) error { return w.deps.Till.Pair(ctx, address, kit.Latin(code)) }, func(err error) {
								w.toast.clear()
								p.connected(err, w.T("app.set.paired"), then)
							})
						}}
				})
			}}
	})
}

// connected ends an attempt to connect something.
func (p *settingsPage) connected(err error, done string, then func(error)) {
	if code(err) == till.CodeServerRefused {
		err = &refusal{key: "app.set.pair_refused"}
	}
	then(err)
	if err == nil {
		p.w.praise(done)
		p.load()
	}
}
