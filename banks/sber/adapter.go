package sber

import (
	"crypto/tls"
	"fmt"
	"strings"

	"kassa/banks"
)

// The names of the settings.
const (
	fieldClientID     = "client_id"
	fieldClientSecret = "client_secret"
	fieldMemberID     = "member_id"
	fieldIDQR         = "id_qr"
	fieldTID          = "tid"
	fieldKind         = "kind"
	fieldCert         = "cert"
	fieldKey          = "key"
)

// Adapter is Sber as the owner chooses it.
func Adapter() banks.Adapter {
	return banks.Adapter{
		Name:   "sber",
		Title:  banks.Text{Ru: "Сбер: Плати QR", En: "Sber: Pay QR"},
		Fields: fields(),
		Open: func(s banks.Settings, o banks.Options) (banks.Bank, error) {
			b, err := open(s, o)
			if err != nil {
				return nil, err // not a nil *Bank in a banks.Bank
			}
			return b, nil
		},
	}
}

func fields() []banks.Field {
	return []banks.Field{
		{
			Name: banks.FieldURL, Optional: true, Default: Production,
			Label: banks.Text{Ru: "Адрес банка", En: "The bank's address"},
			Hint:  banks.Text{Ru: "Без prod/ на конце.", En: "Without prod/ at its end."},
		},
		{
			Name:  fieldClientID,
			Label: banks.Text{Ru: "Client ID", En: "Client ID"},
			Hint:  banks.Text{Ru: "Из личного кабинета Sber API.", En: "From the Sber API cabinet."},
		},
		{
			Name: fieldClientSecret, Secret: true,
			Label: banks.Text{Ru: "Client Secret", En: "Client secret"},
			Hint:  banks.Text{Ru: "Из личного кабинета Sber API.", En: "From the Sber API cabinet."},
		},
		{
			Name:  fieldMemberID,
			Label: banks.Text{Ru: "Идентификатор клиента (member_id)", En: "Member id (member_id)"},
			Hint:  banks.Text{Ru: "До 8 знаков, из письма банка.", En: "At most 8 characters, from the bank's letter."},
		},
		{
			Name:  fieldIDQR,
			Label: banks.Text{Ru: "Номер QR или терминала (id_qr)", En: "Number of the QR or terminal (id_qr)"},
			Hint: banks.Text{
				Ru: "Для QR СБП это номер терминала (TID), для QR Сбера номер таблички.",
				En: "For an SBP code the terminal's number (TID), for Sber's own the plate's.",
			},
		},
		{
			Name: fieldTID, Optional: true,
			Label: banks.Text{Ru: "Номер терминала (TID)", En: "Terminal's number (TID)"},
			Hint:  banks.Text{Ru: "Если отличается от id_qr.", En: "Where it is not id_qr."},
		},
		{
			Name: fieldKind, Optional: true, Default: "sbp",
			Label: banks.Text{Ru: "Вид QR", En: "Kind of code"},
			Hint: banks.Text{
				Ru: "sbp: оплата из приложения любого банка; sber: только из приложения Сбера.",
				En: "sbp: any bank's app pays it; sber: only Sber's app does.",
			},
		},
		{
			Name: fieldCert, Long: true, Optional: true,
			Label: banks.Text{Ru: "Сертификат клиента (PEM)", En: "Client certificate (PEM)"},
			Hint: banks.Text{
				Ru: "Банк выдаёт файл .p12: openssl pkcs12 -in файл.p12 -clcerts -nokeys -legacy. Не нужен только учебному банку.",
				En: "The bank gives a .p12 file: openssl pkcs12 -in file.p12 -clcerts -nokeys -legacy. Only a practice bank needs none.",
			},
		},
		{
			Name: fieldKey, Long: true, Secret: true, Optional: true,
			Label: banks.Text{Ru: "Ключ сертификата (PEM)", En: "The certificate's key (PEM)"},
			Hint: banks.Text{
				Ru: "Из того же файла, без пароля: openssl pkcs12 -in файл.p12 -nocerts -nodes -legacy.",
				En: "From the same file, without a password: openssl pkcs12 -in file.p12 -nocerts -nodes -legacy.",
			},
		},
		{
			Name: banks.FieldCA, Long: true, Optional: true,
			Label: banks.Text{Ru: "Сертификаты, которым доверять (PEM)", En: "Certificates to trust (PEM)"},
			Hint: banks.Text{
				Ru: "Корневой сертификат Минцифры: адрес банка подписан им.",
				En: "The Russian Ministry's root: the bank's address has a certificate by it.",
			},
		},
	}
}

// open makes the bank of what Adapter.Check has let through.
func open(s banks.Settings, o banks.Options) (*Bank, error) {
	s, err := Adapter().Check(s)
	if err != nil {
		return nil, err
	}
	kind, err := kindOf(s[fieldKind])
	if err != nil {
		return nil, err
	}
	cert, err := certificate(s[fieldCert], s[fieldKey])
	if err != nil {
		return nil, err
	}
	return New(Config{
		BaseURL: s[banks.FieldURL], ClientID: s[fieldClientID], ClientSecret: s[fieldClientSecret],
		MemberID: s[fieldMemberID], IDQR: s[fieldIDQR], TID: s[fieldTID], Kind: kind,
		Cert: cert, CA: s[banks.FieldCA], Clock: o.Clock, Timeout: o.Timeout, Public: o.Public, Transport: o.Transport,
	})
}

func kindOf(text string) (string, error) {
	switch strings.ToLower(text) {
	case "sbp", KindSBP:
		return KindSBP, nil
	case KindSBP2:
		return KindSBP2, nil
	case "sber":
		return KindOwn, nil
	}
	return "", fmt.Errorf("%w: %s must be sbp or sber", banks.ErrSettings, fieldKind)
}

// certificate reads the client's certificate; nil for none. What is wrong with a key is not told in its words, which may
// quote it.
func certificate(cert, key string) (*tls.Certificate, error) {
	if cert == "" && key == "" {
		return nil, nil
	}
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("%w: %s and %s are no certificate in PEM with its key", banks.ErrSettings, fieldCert, fieldKey)
	}
	return &pair, nil
}
