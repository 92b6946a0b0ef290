package app

import (
	"context"
	"net/url"

	"kassa/app/kit"
	"kassa/app/till"
	"kassa/banks"
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
		bank.value = w.T("app.set.bank_set", "terminal", clip(st.links.Values["terminal"], 24))
		bank.do = p.openBankSettings
	default:
		bank.value = w.T("app.set.connect")
		bank.do = p.askBank
	}
	return []setting{server, bank}
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

// openBankSettings offers what can be done with the bank that is set up.
func (p *settingsPage) openBankSettings() {
	w := p.w
	w.openChoices("bank-settings", func() (string, []choice) {
		return w.T("app.set.bank_title"), []choice{
			{sign: kit.SignEdit, text: w.T("app.set.bank_change"), do: p.askBank},
			{sign: kit.SignTrash, text: w.T("app.set.bank_remove"), do: func() {
				p.setBank("", nil, func(err error) {
					if err != nil {
						w.fail(err)
					}
				})
			}},
		}
	})
}

// askBank asks for the terminal's key and password. Neither is shown again.
func (p *settingsPage) askBank() {
	w := p.w
	w.askTextAnew(func() textQuestion {
		return textQuestion{title: w.T("app.set.terminal_title"), text: w.T("app.set.terminal_text"), most: 40, sign: kit.SignBank, yes: w.T("app.set.next"),
			take: func(terminal string, then func(error)) {
				then(nil)
				w.askTextAnew(func() textQuestion {
					return textQuestion{title: w.T("app.set.password_title"), text: w.T("app.set.password_text"), most: 80, secret: true, sign: kit.SignLock, yes: w.T("app.set.connect"),
						take: func(password string, then func(error)) {
							p.setBank("tbank", banks.Settings{"terminal": terminal, "password": password}, then)
						}}
				})
			}}
	})
}

func (p *settingsPage) setBank(name string, values banks.Settings, then func(error)) {
	w := p.w
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SetBank(ctx, name, values) }, func(err error) {
		done := w.T("app.set.bank_done")
		if name == "" {
			done = w.T("app.set.bank_gone")
		}
		p.connected(err, done, then)
	})
}
