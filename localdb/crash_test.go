package localdb_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"kassa/localdb"
	"kassa/register"
)

// crashDir names the folder in which a child process of the test sells until it is killed.
const crashDir = "KASSA_TEST_SELL_IN"

// TestSellUntilKilled is the child of the test below, and nothing by itself.
func TestSellUntilKilled(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		return
	}
	s, err := localdb.Open(t.Context(), localdb.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	sh, err := s.LastShift(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !sh.Open {
		openShift(t, s, sh.Number+1)
	}
	last, err := s.History(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := last[0].Number; ; i++ {
		e := cashSale(t, fmt.Sprint("sale-", i), 100)
		e.Draft = &register.Draft{Comment: e.ID}
		e.Slips = func(register.Operation) ([]localdb.PrintJob, error) {
			return []localdb.PrintJob{{Name: e.ID, Document: []byte(`{}`)}}, nil
		}
		if _, err := s.Commit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		fmt.Println("sold", e.ID)
	}
}

// TestAProcessThatIsKilledLosesNothing kills a selling process in the middle of whatever it does, and counts what it had
// told to be sold.
func TestAProcessThatIsKilledLosesNothing(t *testing.T) {
	dir := t.TempDir()
	told := 0
	for round := range 5 {
		told += sellAndKill(t, dir, 5+7*round)
		s := open(t, dir)
		last, err := s.History(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		sold := int(last[0].Number) - 1
		if sold < told || sold > told+1 { // one may be on the disk that was not told any more
			t.Errorf("round %d: %d are on the disk, %d were told", round, sold, told)
		}
		told = sold
		if d, err := s.Draft(t.Context()); err != nil || d.Comment != last[0].ID {
			t.Errorf("round %d: the draft is after %q, the journal after %q, %v", round, d.Comment, last[0].ID, err)
		}
		if waiting, _, err := s.JobCounts(t.Context()); err != nil || waiting != sold {
			t.Errorf("round %d: %d slips of %d sales, %v", round, waiting, sold, err)
		}
		healthy(t, s, int64(sold)+1)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// sellAndKill starts the child, kills it when it has told of so many sales, and returns how many it told of.
func sellAndKill(t *testing.T, dir string, sales int) (told int) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSellUntilKilled$")
	child.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for told < sales && lines.Scan() && strings.HasPrefix(lines.Text(), "sold ") {
		told++
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // told before it died
		told++
	}
	if child.Wait() == nil || told < sales {
		t.Fatalf("the child ended by itself after %d sales", told)
	}
	return told
}
