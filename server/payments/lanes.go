package payments

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"kassa/banks"
	"kassa/server/pg"
)

// How many answers one process waits for at a time: of one contract, of all contracts with one bank, and in all. A bank that
// does not answer fills its own share and no other's.
const (
	perContract = 32
	perBank     = 512
	inAll       = 1024
)

// lanes are the contracts that payments are asked about under, each with its own way to its bank. The zero value is ready;
// it is safe for concurrent use.
type lanes struct {
	mu     sync.Mutex
	byID   map[uuid.UUID]*lane
	byBank map[string]int
	all    int
}

type lane struct {
	bank string
	busy int
}

// open gives the room that there is now at each of the settings, which come the longest due first: so when there is too much
// to do, all are late by the same.
func (l *lanes) open(settings []pg.SettingKey, bankAt func(pg.SettingKey) (banks.Bank, error)) []pg.Lane {
	var list []pg.Lane
	inBank := map[string]int{}
	l.mu.Lock()
	left := inAll - l.all
	for name, n := range l.byBank {
		inBank[name] = n
	}
	l.mu.Unlock()
	for _, k := range settings {
		// A setting that cannot be opened has a lane too: its payments are put off one by one.
		bank, _ := bankAt(k)
		d := laneOf(k.Setting, bank)
		name := nameOf(bank)
		d.Room = min(perContract-l.busy(k.Setting, name), perBank-inBank[name], left)
		if d.Room > 0 {
			list = append(list, d)
			// What is reserved for this lane may turn out to be less; the next round is not far.
			inBank[name], left = inBank[name]+min(d.Room, d.AtOnce), left-min(d.Room, d.AtOnce)
		}
	}
	return list
}

// busy is how many answers are waited for at a contract, which is noted with its bank.
func (l *lanes) busy(setting uuid.UUID, bank string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byID == nil {
		l.byID, l.byBank = map[uuid.UUID]*lane{}, map[string]int{}
	}
	if l.byID[setting] == nil {
		l.byID[setting] = &lane{}
	}
	l.byID[setting].bank = bank
	return l.byID[setting].busy
}

func (l *lanes) enter(setting uuid.UUID) { l.count(setting, 1) }
func (l *lanes) leave(setting uuid.UUID) { l.count(setting, -1) }

func (l *lanes) count(setting uuid.UUID, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lane := l.byID[setting]
	lane.busy += n
	l.byBank[lane.bank] += n
	l.all += n
}

func nameOf(bank banks.Bank) string {
	if bank == nil {
		return ""
	}
	return bank.Name()
}

// share of what a contract allows is used evenly; the rest is what may be called at once after a while of silence. So in no
// second are there more calls than it allows.
const share = 0.8

// laneOf is what a contract allows.
func laneOf(setting uuid.UUID, bank banks.Bank) pg.Lane {
	d := pg.Lane{Setting: setting, AtOnce: perContract}
	if bank == nil || bank.Can().Rate <= 0 {
		return d
	}
	rate := float64(bank.Can().Rate)
	d.Pause = time.Duration(float64(time.Second) / (share * rate))
	d.AtOnce = max(1, int((1-share)*rate+0.5))
	return d
}

// How many calls a piece of work makes beside the question that it was reserved for, as far as is known here: an adapter may
// have to log in, or to ask for the code by a call of its own.
const (
	createCalls = 2
	cancelCalls = 1
)

// callPatience is how long a till's wish waits for its turn at the bank.
const callPatience = 3 * time.Second

// takeCalls takes calls from what a contract allows, and waits for their turn a while. Then they are made all the same: what a
// till waits for comes first, and the questions about others' codes make room for it.
func (s *Service) takeCalls(ctx context.Context, bank banks.Bank, setting uuid.UUID, calls int) error {
	wait, err := s.store.TakeCalls(ctx, s.clock().UTC(), laneOf(setting, bank), calls)
	if err != nil || wait <= 0 {
		return err
	}
	return pause(ctx, min(wait, callPatience))
}
