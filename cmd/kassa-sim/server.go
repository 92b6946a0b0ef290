package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kassa/banks"
	"kassa/server"
	"kassa/server/pgcluster"
)

// The practice server's owner.
const (
	practiceLogin    = "owner"
	practiceDatabase = "kassa"
	practicePass     = "practice-owner"
)

// addServer puts a central server with one owner and one store into the world, on a PostgreSQL cluster of its own that
// goes with it. Where there is no PostgreSQL the world is without a server and says why.
func (w *world) addServer(ctx context.Context, listen string, allowRemote bool, bank string, log *slog.Logger) error {
	cluster, err := pgcluster.Start(ctx, pgcluster.Options{})
	if errors.Is(err, pgcluster.ErrNotInstalled) {
		w.ready.NoServer = "PostgreSQL is not installed"
		return nil
	}
	if err != nil {
		return fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if err := w.openServer(ctx, cluster, listen, allowRemote, bank, log); err != nil {
		return errors.Join(err, cluster.Stop())
	}
	return nil
}

func (w *world) openServer(ctx context.Context, cluster *pgcluster.Cluster, listen string, allowRemote bool, bank string, log *slog.Logger) error {
	if err := cluster.CreateDatabase(ctx, practiceDatabase); err != nil {
		return err
	}
	dsn := cluster.DSN(practiceDatabase)
	practised, err := server.PreparePractice(ctx, time.Now(), server.Practice{
		DSN: dsn, Login: practiceLogin, Password: practicePass, Account: "Ромашка", Store: "Ромашка",
		Bank: bank, Settings: w.settingsOf(bank),
	})
	if err != nil {
		return err
	}
	s, err := server.New(ctx, server.Config{DSN: dsn, Key: practised.Key, Logger: log, Version: "practice"})
	if err != nil {
		return err
	}
	l, err := w.listen(listen, allowRemote)
	if err != nil {
		s.Close()
		return err
	}
	w.ready.Server = "http://" + l.Addr().String()
	w.ready.PairCode = practised.Code
	w.ready.OwnerLogin, w.ready.OwnerPassword = practiceLogin, practicePass
	w.add(func(ctx context.Context) error {
		err := s.Run(ctx, l)
		s.Close()
		return errors.Join(err, cluster.Stop())
	})
	return nil
}

// settingsOf is what the adapter of a practice bank takes.
func (w *world) settingsOf(bank string) banks.Settings {
	for _, b := range w.ready.Banks {
		if b.Name == bank {
			return b.Settings
		}
	}
	return nil
}
