package qrpay

import "kassa/banks"

// The fields of the adapter beside banks.FieldURL and banks.FieldCA.
const (
	fieldAccount = "account_id"
	fieldStore   = "store_id"
	fieldKey     = "private_key"
	fieldKeyID   = "key_id"
	fieldIssuer  = "issuer"
)

// Adapter is QRPay as an owner chooses it.
func Adapter() banks.Adapter {
	a := banks.Adapter{
		Name:  Name,
		Title: banks.Text{Ru: "QRPay (провайдер МоегоСклада)", En: "QRPay (a MoySklad provider)"},
		Fields: []banks.Field{
			{
				Name:  banks.FieldURL,
				Label: banks.Text{Ru: "Адрес провайдера", En: "The provider's address"},
				Hint:  banks.Text{Ru: "Базовый адрес (endpointBase), к которому добавляется payment/qr", En: "The base address (endpointBase) to which payment/qr is added"},
			},
			{
				Name:  fieldAccount,
				Label: banks.Text{Ru: "Аккаунт", En: "Account"},
				Hint:  banks.Text{Ru: "accountId, под которым вас знает провайдер", En: "The accountId under which the provider knows you"},
			},
			{
				Name:  fieldStore,
				Label: banks.Text{Ru: "Точка продаж", En: "Point of sale"},
				Hint:  banks.Text{Ru: "retailStoreId, под которым провайдер знает магазин", En: "The retailStoreId under which the provider knows the store"},
			},
			{
				Name:   fieldKey,
				Label:  banks.Text{Ru: "Закрытый ключ", En: "Private key"},
				Hint:   banks.Text{Ru: "RSA от 2048 бит в PEM, например: openssl genrsa 2048. Открытую половину провайдер берёт по адресу /.well-known/jwks.json", En: "RSA of 2048 bits or more in PEM, as by: openssl genrsa 2048. The provider fetches its public half from /.well-known/jwks.json"},
				Secret: true, Long: true,
			},
			{
				Name:     fieldKeyID,
				Label:    banks.Text{Ru: "Имя ключа", En: "The key's id"},
				Hint:     banks.Text{Ru: "kid; если пусто, отпечаток ключа", En: "kid; the key's thumbprint when empty"},
				Optional: true,
			},
			{
				Name:  fieldIssuer,
				Label: banks.Text{Ru: "Кто подписывает", En: "Issuer"},
				Hint:  banks.Text{Ru: "iss; провайдер скажет, если ждёт другого", En: "iss; the provider says if it wants another"},
				// The value that the protocol names: providers that were written for it look for no other.
				Default: "https://moysklad.ru",
			},
			{
				Name:  banks.FieldCA,
				Label: banks.Text{Ru: "Сертификаты", En: "Certificates"},
				Hint:  banks.Text{Ru: "В PEM; в дополнение к тем, которым доверяет система", En: "In PEM; in addition to those that the system trusts"},
				Long:  true, Optional: true,
			},
		},
	}
	a.Open = func(s banks.Settings, o banks.Options) (banks.Bank, error) {
		s, err := a.Check(s)
		if err != nil {
			return nil, err
		}
		return New(Config{
			BaseURL: s[banks.FieldURL], CA: s[banks.FieldCA], Account: s[fieldAccount], Store: s[fieldStore],
			PrivateKey: s[fieldKey], KeyID: s[fieldKeyID], Issuer: s[fieldIssuer], Clock: o.Clock, Timeout: o.Timeout, Public: o.Public, Transport: o.Transport,
		})
	}
	return a
}
