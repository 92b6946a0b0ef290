package tbank

import "kassa/banks"

// name is the bank's short name, stored with payments.
const name = "tbank"

// The fields of the settings, besides those that every adapter has.
const (
	fieldTerminal = "terminal"
	fieldPassword = "password"
)

// Adapter is the bank as an owner chooses it: the terminal's key and password from the bank's cabinet.
func Adapter() banks.Adapter {
	return banks.Adapter{
		Name:  name,
		Title: banks.Text{Ru: "Т-Банк, СБП", En: "T-Bank, SBP"},
		Fields: []banks.Field{
			{
				Name:  fieldTerminal,
				Label: banks.Text{Ru: "Терминал (TerminalKey)", En: "Terminal (TerminalKey)"},
				Hint: banks.Text{
					Ru: "Личный кабинет Т-Бизнес: интернет-эквайринг, магазин, терминалы. Ключ с DEMO на конце для проб.",
					En: "T-Business cabinet: online acquiring, shop, terminals. A key that ends in DEMO is for trials.",
				},
			},
			{
				Name:   fieldPassword,
				Label:  banks.Text{Ru: "Пароль терминала", En: "Terminal's password"},
				Hint:   banks.Text{Ru: "Рядом с терминалом, там же.", En: "Beside the terminal, in the same place."},
				Secret: true,
			},
			{
				Name:     banks.FieldURL,
				Label:    banks.Text{Ru: "Адрес банка", En: "Bank's address"},
				Hint:     banks.Text{Ru: "Меняется только для проб.", En: "Changed for trials only."},
				Optional: true,
				Default:  Production,
			},
			{
				Name:  banks.FieldCA,
				Label: banks.Text{Ru: "Сертификаты удостоверяющих центров (PEM)", En: "CA certificates (PEM)"},
				Hint: banks.Text{
					Ru: "Нужны, если система не доверяет сертификату банка: корневой сертификат Минцифры.",
					En: "Needed where the system does not trust the bank's certificate: the Russian Trusted Root CA.",
				},
				Long:     true,
				Optional: true,
			},
		},
		Open: open,
	}
}

func open(s banks.Settings, o banks.Options) (banks.Bank, error) {
	b, err := New(Config{
		BaseURL: s[banks.FieldURL], Terminal: s[fieldTerminal], Password: s[fieldPassword], CA: s[banks.FieldCA],
		Clock: o.Clock, Timeout: o.Timeout, Public: o.Public, Transport: o.Transport,
	})
	if err != nil {
		return nil, err // not a nil *Bank in a banks.Bank
	}
	return b, nil
}
