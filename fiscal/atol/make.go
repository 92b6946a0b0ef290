package atol

import (
	"context"
	"errors"
	"fmt"

	"kassa/fiscal"
)

// Make has a document made. The request goes out under the try's id, as often as the service is found not to have it; and
// before it goes, the device is asked whether it still stands as before the try: a service may forget a job whose
// document was made.
func (d *Device) Make(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	for {
		r, j, err := d.prepare(ctx, try)
		if err != nil || j == nil {
			return certain(r, err)
		}
		if err := d.post(ctx, *j); err != nil && !errors.Is(err, errUnknown) {
			return fiscal.Receipt{}, fated(fiscal.ErrAbsent, err)
		}
		o, err := d.follow(ctx, try.ID)
		switch {
		case err == nil:
			return certain(d.conclude(ctx, try, o))
		case !errors.Is(err, errNoJob):
			return fiscal.Receipt{}, fated(fiscal.ErrUnknown, err)
		}
		// It never came, or was forgotten. What is in the device's memory is looked at before it goes out again.
		if !wait(ctx, d.pause) {
			return fiscal.Receipt{}, fated(fiscal.ErrUnknown, &fiscal.Error{Trouble: fiscal.TroubleOff, Err: ctx.Err()})
		}
	}
}

// prepare gives the job of a try that can be sent. Without a job and an error, the try was made before.
func (d *Device) prepare(ctx context.Context, try fiscal.Try) (fiscal.Receipt, *job, error) {
	now, err := d.standing(ctx, try.Document.Kind)
	if err != nil {
		return fiscal.Receipt{}, nil, fated(fiscal.ErrAbsent, err)
	}
	blocked, err := d.blocked(ctx)
	if err != nil {
		return fiscal.Receipt{}, nil, fated(fiscal.ErrAbsent, err)
	}
	if now.Before != trimmed(try) || blocked != "" {
		if r, err := d.unlessNew(ctx, try, blocked); !errors.Is(err, errNew) {
			return r, nil, err
		}
	}
	ffd, err := d.format(ctx, now)
	if err != nil {
		return fiscal.Receipt{}, nil, fated(fiscal.ErrAbsent, err)
	}
	t, err := taskOf(try.Document, ffd)
	if err != nil {
		trouble := fiscal.TroubleDocument
		if errors.Is(err, errNotInFFD) {
			trouble = fiscal.TroubleCannot
		}
		return fiscal.Receipt{}, nil, &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: trouble, Err: err}
	}
	return fiscal.Receipt{}, &job{try.ID, []task{t}}, nil
}

// errNew tells that a try may be sent: the service has it in its queue, where it does no harm, or nobody has it.
var errNew = errors.New("the try may be sent")

// unlessNew looks for a try where something was made since it began, or where the queue stands still.
func (d *Device) unlessNew(ctx context.Context, try fiscal.Try, blocked fiscal.Trouble) (fiscal.Receipt, error) {
	switch _, err := d.look(ctx, try.ID); {
	case err == nil:
		return fiscal.Receipt{}, errNew
	case !errors.Is(err, errNoJob):
		return fiscal.Receipt{}, fated(fiscal.ErrUnknown, err)
	}
	r, err := d.remembered(ctx, try)
	switch {
	case !errors.Is(err, fiscal.ErrAbsent):
		return r, err
	case blocked != "":
		// It would stand in a queue that does not move.
		return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrAbsent, Trouble: blocked}
	}
	return fiscal.Receipt{}, errNew
}

// certain leaves it to Find to say that the device will never be able to tell.
func certain(r fiscal.Receipt, err error) (fiscal.Receipt, error) {
	if errors.Is(err, fiscal.ErrUnclear) {
		err = fated(fiscal.ErrUnknown, err)
	}
	return r, err
}

// conclude tells what the end of a job means.
func (d *Device) conclude(ctx context.Context, try fiscal.Try, o outcome) (fiscal.Receipt, error) {
	kind := try.Document.Kind
	if o.Status == "ready" {
		if !kind.Stored() {
			return fiscal.Receipt{At: d.now()}, nil
		}
		r, err := readReceipt(o.Result, kind)
		switch {
		case err == nil:
			return r, nil
		case errors.Is(err, errNonFiscal):
			return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrRefused, Trouble: fiscal.TroubleUnregistered, Err: err}
		}
		// It was made; what is wrong is the answer.
		return d.unlessFound(ctx, try, &fiscal.Error{Fate: fiscal.ErrUnknown, Trouble: fiscal.TroubleOther, Err: err})
	}
	e := d.failed(o)
	if !o.Error.uncertain() && !kind.Stored() {
		return fiscal.Receipt{}, fated(fiscal.ErrRefused, e)
	}
	// The service says that it failed, and the fiscal storage has the last word: until it has spoken, a new try could make
	// the document twice.
	r, err := d.remembered(ctx, try)
	if errors.Is(err, fiscal.ErrAbsent) {
		return fiscal.Receipt{}, fated(fiscal.ErrRefused, e)
	}
	return r, err
}

// unlessFound looks for the document in the device's memory, and gives otherwise when it is not there.
func (d *Device) unlessFound(ctx context.Context, try fiscal.Try, otherwise *fiscal.Error) (fiscal.Receipt, error) {
	if r, err := d.remembered(ctx, try); err == nil {
		return r, nil
	}
	return fiscal.Receipt{}, otherwise
}

// trimmed is how the device stood before a try, as far as it matters to a document of its kind.
func trimmed(try fiscal.Try) fiscal.Before {
	b := try.Before
	if !moves(try.Document.Kind) {
		b.Drawer = 0
	}
	return b
}

// moves tells whether documents of a kind can only be traced by the drawer.
func moves(k fiscal.Kind) bool { return k == fiscal.CashIn || k == fiscal.CashOut }

// fated gives an error that says what became of a document, with what stood in the way. A fate that the error has
// already stays.
func fated(fate, err error) error {
	var e *fiscal.Error
	if !errors.As(err, &e) {
		return &fiscal.Error{Fate: fate, Trouble: fiscal.TroubleOther, Err: fmt.Errorf("%w", err)}
	}
	with := *e
	if with.Fate == nil || fate == fiscal.ErrUnknown {
		with.Fate = fate
	}
	return &with
}
