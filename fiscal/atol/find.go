package atol

import (
	"context"
	"errors"
	"fmt"

	"kassa/fiscal"
)

// maxRead is how many documents of the fiscal storage are read for one try. While it is open the till makes no others.
const maxRead = 500

// Find tells what became of a try: the service is asked after the job, and where it has no such job the device's memory
// is looked at.
func (d *Device) Find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	ctx, stop := context.WithTimeout(ctx, d.deadline)
	defer stop()
	return d.find(ctx, try)
}

func (d *Device) find(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	o, err := d.look(ctx, try.ID)
	switch {
	case errors.Is(err, errNoJob):
		return d.remembered(ctx, try)
	case err != nil:
		return fiscal.Receipt{}, fated(fiscal.ErrUnknown, err)
	case !o.final():
		return fiscal.Receipt{}, fated(fiscal.ErrUnknown, d.standstill(ctx, o))
	}
	return d.conclude(ctx, try, o)
}

// remembered looks for the document of a try in the device's memory. The fates are ErrAbsent, ErrUnknown and ErrUnclear.
func (d *Device) remembered(ctx context.Context, try fiscal.Try) (fiscal.Receipt, error) {
	if try.Document.Kind == fiscal.XReport {
		return fiscal.Receipt{}, fated(fiscal.ErrAbsent, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: errNoJob})
	}
	now, err := d.standing(ctx, try.Document.Kind)
	switch {
	case err != nil:
		return fiscal.Receipt{}, fated(fiscal.ErrUnknown, err)
	case now.FN != try.Before.FN:
		return unclear("the fiscal storage was %s and is %s", try.Before.FN, now.FN)
	case now.Last < try.Before.Last:
		return unclear("the last document was %d and is %d", try.Before.Last, now.Last)
	case moves(try.Document.Kind):
		return d.moved(try, now)
	case now.Last-try.Before.Last > maxRead:
		return unclear("%d documents were made since", now.Last-try.Before.Last)
	}
	return d.search(ctx, try, now.Last)
}

// moved tells by the drawer whether cash was put in or taken out.
func (d *Device) moved(try fiscal.Try, now standing) (fiscal.Receipt, error) {
	by := try.Document.Total
	if try.Document.Kind == fiscal.CashOut {
		by = -by
	}
	switch {
	case now.mute:
		return unclear("the device does not tell what the drawer holds")
	case now.Last != try.Before.Last:
		return unclear("documents %d to %d may have changed the drawer", try.Before.Last+1, now.Last)
	case now.Drawer == try.Before.Drawer:
		return fiscal.Receipt{}, fated(fiscal.ErrAbsent, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: errNoJob})
	case now.Drawer == try.Before.Drawer+by:
		return fiscal.Receipt{At: d.now(), Found: true}, nil
	}
	return unclear("the drawer held %s and holds %s", try.Before.Drawer, now.Drawer)
}

// search reads the documents after the last one before the try, up to the last one there is.
func (d *Device) search(ctx context.Context, try fiscal.Try, last int64) (fiscal.Receipt, error) {
	var doubt error
	for n := try.Before.Last + 1; n <= last; n++ {
		doc, err := d.document(ctx, n, documentTypes[try.Document.Kind])
		if err != nil {
			if !errors.Is(err, errUnreadable) && !never(err) {
				return fiscal.Receipt{}, fated(fiscal.ErrUnknown, err)
			}
			doubt = fmt.Errorf("document %d: %w", n, err)
			continue
		}
		switch doc.is(try.Document) {
		case itself:
			r, err := doc.receipt(try.Before.FN, n, try.Document.Kind)
			if err != nil {
				return unclear("document %d: %w", n, err)
			}
			return r, nil
		case perhaps:
			doubt = fmt.Errorf("document %d looks like it, and has no mark", n)
		}
	}
	if doubt != nil {
		return unclear("%w", doubt)
	}
	return fiscal.Receipt{}, fated(fiscal.ErrAbsent, &fiscal.Error{Trouble: fiscal.TroubleOther, Err: errNoJob})
}

// never tells whether a device has said that it cannot show a document, now or later: the fiscal storage does not have it,
// or the device or its service knows no such question.
func never(err error) bool {
	var no deviceError
	if !errors.As(err, &no) {
		return false
	}
	t := no.trouble()
	return no.noData() || t == fiscal.TroubleCannot || t == fiscal.TroubleDocument
}

func unclear(why string, args ...any) (fiscal.Receipt, error) {
	return fiscal.Receipt{}, &fiscal.Error{Fate: fiscal.ErrUnclear, Trouble: fiscal.TroubleOther, Err: fmt.Errorf(why, args...)}
}
