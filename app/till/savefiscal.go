package till

import (
	"context"
	"time"

	"kassa/fiscal"
	"kassa/fiscal/models"
	"kassa/localdb"
)

// SaveFiscal gives a till that is not open a fiscal registrar, or takes it away when no driver is named. values are those
// of the driver's fields. The error is ErrBadSetting, or the driver's own, for settings that cannot be used.
func SaveFiscal(ctx context.Context, store *localdb.Store, s FiscalSettings, values fiscal.Settings) error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.Driver == "" {
		values = nil
	} else if _, err := openFiscal(models.All(), s.Driver, values, time.Now); err != nil {
		return err
	}
	if err := store.SetSecret(ctx, SecretFiscal, fiscalSecret{Driver: s.Driver, Values: values}); err != nil {
		return err
	}
	return store.SetSetting(ctx, SettingFiscal, s)
}
