package app

import (
	"context"

	"kassa/app/kit"
	"kassa/app/till"
)

// staffRows are those who may sign in, and a way to add somebody.
func (p *settingsPage) staffRows() []setting {
	w := p.w
	var out []setting
	for _, m := range p.state.staff {
		out = append(out, setting{title: m.Name, about: w.T("app.staff.about." + string(m.Role)), value: w.T("role." + string(m.Role)),
			do: func() { p.openMember(m) }})
	}
	add := p.row("staff_add")
	add.value = w.T("app.set.add")
	add.do = p.addMember
	return append(out, add)
}

// saveMember keeps somebody, and shows the staff anew.
func (p *settingsPage) saveMember(m till.Member, pin string, then func(error)) {
	w := p.w
	w.gate.commit(func(ctx context.Context) error { return w.deps.Till.SaveMember(ctx, m, pin) }, func(err error) {
		then(err)
		if err == nil {
			w.praise(w.T("app.staff.saved", "name", m.Name))
			p.load()
		}
	})
}

// openMember offers what can be done with somebody.
func (p *settingsPage) openMember(m till.Member) {
	w := p.w
	w.openChoices("member", func() (string, []choice) {
		return m.Name, []choice{
			{sign: kit.SignEdit, text: w.T("app.staff.rename"), do: func() { p.rename(m) }},
			{sign: kit.SignLock, text: w.T("app.staff.pin"), do: func() {
				w.askPIN(m.Name, func(pin string, then func(error)) { p.saveMember(m, pin, then) })
			}},
			{sign: kit.SignPerson, text: w.T("app.staff.role"), do: func() { p.chooseRole(m) }},
			{sign: kit.SignTrash, text: w.T("app.set.remove"), do: func() { p.removeMember(m) }},
		}
	})
}

func (p *settingsPage) rename(m till.Member) {
	w := p.w
	w.askTextAnew(func() textQuestion {
		return textQuestion{title: w.T("app.staff.rename"), text: w.T("app.staff.name_text"), now: m.Name, most: 64, sign: kit.SignPerson, yes: w.T("app.set.save"),
			take: func(name string, then func(error)) {
				m.Name = name
				p.saveMember(m, "", then)
			}}
	})
}

func (p *settingsPage) chooseRole(m till.Member) {
	w := p.w
	w.askRole(m.Name, m.Role, func(role till.Role) {
		m.Role = role
		p.saveMember(m, "", func(err error) {
			if err != nil {
				w.fail(err)
			}
		})
	})
}

func (p *settingsPage) removeMember(m till.Member) {
	w := p.w
	w.ask("remove-member", w.T("app.staff.remove_title", "name", m.Name), w.T("app.staff.remove_text"), w.T("app.set.remove"), w.T("app.back"), kit.Danger, func() {
		w.gate.commit(func(ctx context.Context) error { return w.deps.Till.RemoveMember(ctx, m.ID) }, func(err error) {
			if err != nil {
				w.fail(err)
				return
			}
			w.praise(w.T("app.staff.removed", "name", m.Name))
			p.load()
		})
	})
}

// addMember asks for a name, a role and a PIN.
func (p *settingsPage) addMember() {
	w := p.w
	w.askTextAnew(func() textQuestion {
		return textQuestion{title: w.T("app.staff.new"), text: w.T("app.staff.name_text"), most: 64, sign: kit.SignPerson, yes: w.T("app.set.next"),
			take: func(name string, then func(error)) {
				then(nil)
				w.askRole(name, "", func(role till.Role) {
					w.askPIN(name, func(pin string, then func(error)) {
						p.saveMember(till.Member{Name: name, Role: role}, pin, then)
					})
				})
			}}
	})
}

// askRole asks what somebody is.
func (w *Window) askRole(name string, now till.Role, take func(till.Role)) {
	w.openChoices("role", func() (string, []choice) {
		var all []choice
		for _, role := range till.Roles() {
			c := choice{text: w.T("role." + string(role)), do: func() { take(role) }}
			if role == now {
				c.sign = kit.SignCheck
			}
			all = append(all, c)
		}
		return name, all
	})
}

// askPIN asks for a new PIN, twice, and shows it never.
func (w *Window) askPIN(name string, take func(pin string, then func(error))) {
	question := func(title, text func() string, take func(string, func(error))) {
		w.askTextAnew(func() textQuestion {
			return textQuestion{name: "pin", sign: kit.SignLock, title: title(), text: text(), most: longestPIN, secret: true, digitsOnly: true, yes: w.T("app.set.next"), take: take}
		})
	}
	first := func() string { return w.T("app.staff.pin_title", "name", name) }
	question(first, func() string { return w.T("app.staff.pin_text") }, func(pin string, then func(error)) {
		if len(pin) < shortestPIN {
			then(&till.Problem{Code: till.CodeBadPIN})
			return
		}
		then(nil)
		question(func() string { return w.T("app.staff.pin_again") }, func() string { return w.T("app.staff.pin_again_text") }, func(again string, then func(error)) {
			if again != pin {
				then(&refusal{key: "app.staff.pin_differs"})
				return
			}
			take(pin, then)
		})
	})
}

// shortestPIN is what a PIN has at least.
const shortestPIN = 4
