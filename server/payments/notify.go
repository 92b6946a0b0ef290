package payments

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
)

// Notify takes a bank's notification that came for a setting. One that is the bank's makes the server ask the bank at once
// about the payment that it names; nothing else of it is believed, so that a repeated one, or one about somebody else's
// payment, does no harm. What comes back says what the bank wants to hear. The error is ErrNotFound for a setting that is
// none or whose bank sends nothing, and banks.ErrNotice for what is not the bank's.
func (s *Service) Notify(ctx context.Context, account, setting uuid.UUID, header http.Header, body []byte) (banks.Notice, error) {
	key := pg.SettingKey{Account: account, Setting: setting}
	bank, err := s.bankAt(ctx, key)
	if err != nil {
		return banks.Notice{}, err
	}
	notified, ok := bank.(banks.Notified)
	if !ok {
		return banks.Notice{}, fmt.Errorf("a notification for %s: %w", bank.Name(), ErrNotFound)
	}
	notice, err := notified.Notice(header, body)
	if err != nil || notice.ID == "" && notice.BankID == "" {
		return notice, err
	}
	id, err := uuid.Parse(notice.ID)
	if err != nil {
		id = uuid.UUID{} // no id of ours: perhaps the bank's is known
	}
	known, err := s.store.Noticed(ctx, s.clock().UTC(), key, id, clean(notice.BankID))
	if err != nil {
		return banks.Notice{}, err
	}
	if known {
		s.rouse()
	}
	return notice, nil
}

// NotifyAny is Notify for what a bank sends, which names the setting and no account.
func (s *Service) NotifyAny(ctx context.Context, setting uuid.UUID, header http.Header, body []byte) (banks.Notice, error) {
	b, err := s.store.AnyBank(ctx, s.key, setting)
	if err != nil {
		return banks.Notice{}, err
	}
	return s.Notify(ctx, b.Account, setting, header, body)
}
