package printer

import (
	"context"
	"errors"
	"strings"
)

// ProcessID marks a job, so that the printer's word about it is told from its word about another one. It is four
// printable ASCII characters (0x20 to 0x7E).
type ProcessID [4]byte

// NewProcessID gives a number its mark. Numbers that are close to each other have different ones.
func NewProcessID(n int64) (id ProcessID) {
	const digits = "01345789ABCDEFGHIJKLMNOPQSTUWXY" // without those that look like answers to DLE EOT
	for i := len(id) - 1; i >= 0; i-- {
		id[i] = digits[uint64(n)%uint64(len(digits))]
		n /= int64(len(digits))
	}
	return id
}

// Ask is the command at the end of a job by which a printer tells when everything before it is on paper (Epson ESC/POS
// reference, GS ( H, function 48): it answers 37 22 d1 d2 d3 d4 00, in hexadecimal. Printers without the command may
// print its letters: it is sent only to those that are known to have it.
func (id ProcessID) Ask() []byte {
	return append([]byte{0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30}, id[:]...)
}

// Answer is what the printer says once the job is on paper.
func (id ProcessID) Answer() []byte {
	return append(append([]byte{0x37, 0x22}, id[:]...), 0x00)
}

// Confirmer is a Transport that can hear from the printer that a job is on paper. Which printers tell is known to their
// profiles, not to the transport.
type Confirmer interface {
	Transport
	// SendConfirmed delivers a job as Send does, asks for the process id, if the job does not end with the question already,
	// and waits for the answer. The question does not count as sent. confirmed means that
	// the whole job is on paper. Neither that nor an error means that the job was sent and nobody knows: the printer
	// answers no questions, or has never answered this one. An error with sent above zero leaves the job in doubt; a
	// StoppedError among them holds why the printer stopped.
	SendConfirmed(ctx context.Context, job []byte, id ProcessID) (sent int, confirmed bool, err error)
}

// Kicker is a Transport that opens the cash drawer beside its jobs. It is called from any goroutine, also while a job is
// being sent.
type Kicker interface {
	// Kick opens the drawer. job is the pulse as a job of its own, for a printer that works; urgent is the one that a
	// printer obeys at once (DLE DC4), used where it has no paper, or is busy with another job. The drawer is never
	// opened later: when Kick has returned with an error, nothing is left to open it.
	Kick(ctx context.Context, job, urgent []byte) error
}

// Clearer is a Transport that can empty the printer's memory.
type Clearer interface {
	// ClearFirst has the printer forget, before the next job, what is left in it of an earlier one that was cut off.
	ClearFirst()
}

// ErrStopped tells that the printer stopped in the middle of a job. The error that says so is a StoppedError.
var ErrStopped = errors.New("printer: stopped in the middle of a job")

// StoppedError is an ErrStopped with the printer's own words. The job is in doubt.
type StoppedError struct{ Status Status }

func (e StoppedError) Error() string {
	return ErrStopped.Error() + ": " + strings.Join(e.Status.reasons(), ", ")
}

// Is makes a StoppedError an ErrStopped.
func (e StoppedError) Is(target error) bool { return target == ErrStopped }
