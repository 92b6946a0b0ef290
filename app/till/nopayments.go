package till

import (
	"context"
	"time"

	"kassa/banks"
)

// noPayments stands for a bank or a server that the till is not connected to any more. What was begun there waits.
type noPayments struct{}

func (noPayments) Begin(banks.Request) (banks.Attempt, error) {
	return banks.Attempt{}, problem(CodeQRUnavailable, nil)
}

func (noPayments) Advance(_ context.Context, a banks.Attempt, _ string, _ time.Duration) (banks.Attempt, error) {
	return a, problem(CodeQRUnavailable, nil)
}

func (noPayments) Cancel(_ context.Context, a banks.Attempt) (banks.Attempt, error) {
	return a, problem(CodeQRUnavailable, nil)
}

func (noPayments) Refundable(_ context.Context, a banks.Attempt) (banks.Attempt, Refundable, error) {
	return a, Refundable{}, problem(CodeQRUnavailable, nil)
}

func (noPayments) Refund(_ context.Context, a banks.Attempt) (banks.Attempt, error) {
	return a, problem(CodeQRUnavailable, nil)
}

func (noPayments) Pause() time.Duration        { return time.Minute }
func (noPayments) Check(context.Context) error { return problem(CodeQRUnavailable, nil) }
func (noPayments) Limits() Limits              { return Limits{} }

// gone tells whether what was begun by a setting of the till's own can go on nowhere, because that setting is lost.
func (t *Till) gone(setting string) bool {
	_, none := t.paymentsOf(setting).(noPayments)
	return none && setting != settingServer
}

// decidesHere tells whether a person decides at this till what became of a refund of a payment begun by a setting, and
// not on the page of the server that it was begun through.
func (t *Till) decidesHere(setting string) bool {
	_, server := t.paymentsOf(setting).(*ServerPayments)
	return !server && setting != settingServer
}

// settingServer is the setting of payments that were begun through the central server; those of a bank have an id.
const settingServer = "server"
