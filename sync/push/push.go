// Package push is the till's sync worker: it brings operations to the server as long as there are any, waits with
// growing pauses while the server cannot be reached, and says how things stand.
//
// What the server has is known from its acknowledgement alone. A batch whose answer was lost is sent again, and the
// server skips what it has; when the server has less than was thought, the worker rewinds.
package push

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"kassa/register"
	"kassa/sync/client"
	"kassa/sync/wire"
)

// Outbox is the till's journal as the worker sees it.
type Outbox interface {
	// Unsent returns the oldest operations that the server is not known to have, and how many there are in all.
	Unsent(ctx context.Context, limit int) (Run, int64, error)
	// Acknowledge notes how far the server has the journal; the error matches ErrForked when its hash is not ours.
	Acknowledge(ctx context.Context, journal string, number int64, hash register.Hash) error
}

// Run is a run of operations that follow one another in a journal.
type Run struct {
	Journal   string
	After     int64
	AfterHash register.Hash
	Records   []Record
}

// Record is one stored operation.
type Record struct {
	Number int64
	Hash   register.Hash
	Bytes  []byte
}

// ErrForked tells that the server holds other operations under our numbers.
var ErrForked = errors.New("push: the server has another history of this journal")

// Server is what the worker calls; *client.Client is one.
type Server interface {
	Upload(ctx context.Context, journal string, b wire.Batch) (wire.Ack, error)
	Status(ctx context.Context) (wire.Status, error)
}

// State is how things stand. Err is what went wrong last, nil when the server answered.
type State struct {
	Waiting int64
	Last    time.Time // when the server answered last
	Err     error
	Server  wire.Status
}

// Pauses between tries, and between questions while there is nothing to send.
const (
	firstPause = 500 * time.Millisecond
	longPause  = 30 * time.Second
	idlePause  = 15 * time.Second
	batchSize  = 500
)

// batchBytes bounds the records of one batch of more than one, so that neither the server's limit (wire.MaxBody) nor a
// slow line stops long receipts from ever getting through.
const batchBytes = 2 << 20

// Worker sends one till's operations to one server.
type Worker struct {
	outbox Outbox
	server Server
	now    func() time.Time
	rand   *rand.Rand
	notify func(State)
	wake   chan struct{}
	state  State
}

// New makes a worker. notify is called by Run, after each change of the state; it must not block.
func New(o Outbox, s Server, now func() time.Time, r *rand.Rand, notify func(State)) *Worker {
	return &Worker{outbox: o, server: s, now: now, rand: r, notify: notify, wake: make(chan struct{}, 1)}
}

// Wake makes the worker look at once: after a sale, or because the cashier asked.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		more, err := w.Step(ctx)
		if ctx.Err() != nil {
			return
		}
		switch {
		case err != nil:
			w.sleep(ctx, pause/2+time.Duration(w.rand.Int64N(int64(pause))))
			pause = min(2*pause, longPause)
		case more:
			pause = firstPause
		default:
			pause = firstPause
			w.sleep(ctx, idlePause)
		}
	}
}

// Step sends one batch, or asks for the server's status when there is nothing to send. more tells that there is
// something left to send.
func (w *Worker) Step(ctx context.Context) (more bool, err error) {
	run, waiting, err := w.outbox.Unsent(ctx, batchSize)
	if err == nil {
		w.state.Waiting = waiting
		if len(run.Records) == 0 {
			w.state.Server, err = w.server.Status(ctx)
		} else {
			err = w.send(ctx, run)
		}
	}
	if err == nil {
		w.state.Last = w.now()
		_, w.state.Waiting, err = w.outbox.Unsent(ctx, 0)
	}
	w.state.Err = err
	w.notify(w.state)
	return w.state.Waiting > 0, err
}

func (w *Worker) send(ctx context.Context, run Run) error {
	b := wire.Batch{After: run.After, AfterHash: run.AfterHash.String(), SentAt: w.now().UTC()}
	size := 0
	for i, r := range run.Records {
		if size += len(r.Bytes); i > 0 && size > batchBytes {
			break
		}
		b.Operations = append(b.Operations, wire.Record{Number: r.Number, Hash: r.Hash.String(), Record: string(r.Bytes)})
	}
	ack, err := w.server.Upload(ctx, run.Journal, b)
	var refused *client.Refusal
	if errors.As(err, &refused) && refused.Wire.Code == wire.CodeGap && refused.Wire.Ack != nil {
		// The server has less than we thought: go back to what it has, and go on from there.
		ack, err = *refused.Wire.Ack, nil
	}
	if err != nil {
		return err
	}
	hash, err := register.ParseHash(ack.Hash)
	if err != nil {
		return errors.Join(client.ErrUnreachable, err)
	}
	if err := w.outbox.Acknowledge(ctx, run.Journal, ack.Number, hash); err != nil {
		return err
	}
	if ack.Number == run.After {
		return fmt.Errorf("%w: it answers, and stays at operation %d", client.ErrUnreachable, ack.Number)
	}
	return nil
}

// sleep waits for the pause, a call of Wake, or the end.
func (w *Worker) sleep(ctx context.Context, pause time.Duration) {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-w.wake:
	case <-t.C:
	}
}
