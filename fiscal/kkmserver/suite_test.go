package kkmserver_test

import (
	"net/http/httptest"
	"testing"

	"kassa/fiscal"
	"kassa/fiscal/fiscaltest"
	"kassa/fiscal/fnsim"
	"kassa/fiscal/kkmserver"
	"kassa/fiscal/kkmserver/kkmsim"
)

// TestRegistrar holds the adapter to what every registrar's must be able to do.
func TestRegistrar(t *testing.T) {
	t.Parallel()
	suite(t, kkmsim.Options{})
}

// TestRegistrarWithoutMark does so where GetDataCheck does not give an operation's mark back.
func TestRegistrarWithoutMark(t *testing.T) {
	t.Parallel()
	suite(t, kkmsim.Options{NoMark: true})
}

func suite(t *testing.T, o kkmsim.Options) {
	o.Password = password
	fiscaltest.Run(t, func(t *testing.T, s fnsim.Setup) fiscaltest.Fixture {
		device, err := fnsim.New(s)
		if err != nil {
			t.Fatal(err)
		}
		program := kkmsim.New(device, o)
		server := httptest.NewServer(program)
		t.Cleanup(func() {
			device.Faults.Mend()
			program.Close()
			server.CloseClientConnections()
			server.Close()
		})
		adapter := func(word string) func(fiscal.Options) fiscal.Device {
			return func(o fiscal.Options) fiscal.Device {
				d, err := kkmserver.Driver().Open(fiscal.Settings{kkmserver.FieldURL: server.URL, kkmserver.FieldPassword: word}, o)
				if err != nil {
					t.Fatal(err)
				}
				return d
			}
		}
		return fiscaltest.Fixture{
			Sim:           device,
			Adapter:       adapter(password),
			WrongPassword: adapter("another-password"),
			Restart:       program.Restart,
			Forget:        program.Forget,
			Secrets:       []string{password},
			NoMark:        o.NoMark,
			MakeMethod:    commandOf,
		}
	})
}

// commandOf is the command that makes a document of a kind.
func commandOf(k fiscal.Kind) string {
	switch k {
	case fiscal.OpenShift:
		return "OpenShift"
	case fiscal.CloseShift:
		return "CloseShift"
	case fiscal.XReport:
		return "XReport"
	case fiscal.CashIn:
		return "DepositingCash"
	case fiscal.CashOut:
		return "PaymentCash"
	}
	return "RegisterCheck"
}
