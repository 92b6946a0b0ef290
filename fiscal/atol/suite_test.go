package atol_test

import (
	"testing"

	"kassa/fiscal"
	"kassa/fiscal/atol"
	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fiscaltest"
	"kassa/fiscal/fnsim"
)

// TestRegistrar holds the adapter to what every registrar's must be able to do.
func TestRegistrar(t *testing.T) {
	fiscaltest.Run(t, func(t *testing.T, s fnsim.Setup) fiscaltest.Fixture {
		w := open(t, s)
		adapter := func(word string) func(fiscal.Options) fiscal.Device {
			return func(o fiscal.Options) fiscal.Device {
				return w.adapter(func(c *atol.Config) { c.Options, c.Password = o, word })
			}
		}
		return fiscaltest.Fixture{
			Sim:           w.unit,
			Adapter:       adapter(password),
			WrongPassword: adapter("Wrong-password-1"),
			Restart:       func() { w.sim.Restart(true) },
			Forget:        func() { w.sim.Restart(false) },
			Secrets:       []string{password},
			MakeMethod:    func(fiscal.Kind) string { return atolsim.AddRequest },
		}
	})
}
