package till_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kassa/app/till"
	"kassa/localdb"
)

func TestATillThatLostItsKeyStillOpens(t *testing.T) {
	dir := t.TempDir()
	store, err := localdb.Open(t.Context(), localdb.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	server := till.ServerSettings{URL: "https://kassa.example", Till: "t", Secret: "secret"}
	if err := store.SetSecret(t.Context(), till.SecretServer, server); err != nil {
		t.Fatal(err)
	}
	var c till.Config
	if err := till.Connect(t.Context(), store, &c); err != nil || c.Server == nil || c.Payments == nil {
		t.Fatalf("with the key: %v, %+v", err, c)
	}
	if err := os.Remove(filepath.Join(dir, "till.key")); err != nil {
		t.Fatal(err)
	}
	var log lines
	c = till.Config{Log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := till.Connect(t.Context(), store, &c); err != nil || c.Server != nil || c.Payments != nil {
		t.Errorf("without the key: %v, %+v", err, c)
	}
	if !strings.Contains(log.String(), "server") {
		t.Errorf("the log says %q", log.String())
	}
}
