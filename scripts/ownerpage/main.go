// Ownerpage logs in to the back office with a headless Chromium, as an owner does, waits for a sale in the list of
// operations, and takes a picture of the page.
//
//	ownerpage URL LOGIN PASSWORD PICTURE.png
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: ownerpage URL LOGIN PASSWORD PICTURE.png")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, "ownerpage:", err)
		os.Exit(1)
	}
}

func run(url, login, password, file string) error {
	profile, err := os.MkdirTemp("", "kassa-browser-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(profile)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "ru"),
		chromedp.UserDataDir(profile), chromedp.WindowSize(1280, 800))
	ctx, late := context.WithTimeout(context.Background(), time.Minute)
	defer late()
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, end := chromedp.NewContext(ctx)
	defer end()

	url = strings.TrimSuffix(url, "/")
	err = chromedp.Do(ctx,
		chromedp.EmulateViewport(1280, 800),
		chromedp.Navigate(url+"/login"),
		chromedp.SendKeys(`input[name=login]`, login),
		chromedp.SendKeys(`input[name=password]`, password),
		chromedp.Click(`button.main`),
		chromedp.WaitVisible(`.tills`),
		chromedp.Click(`.languages button[value=ru]`),
		chromedp.WaitVisible(`html[lang=ru]`))
	if err != nil {
		return fmt.Errorf("logging in at %s: %w", url, err)
	}
	if err := waitForSale(ctx, url); err != nil {
		return fmt.Errorf("waiting for the sale at %s: %w", url, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return fmt.Errorf("taking the picture: %w", err)
	}
	return os.WriteFile(file, picture, 0o644)
}

// waitForSale loads the list again and again until it has the shift's opening and a sale.
func waitForSale(ctx context.Context, url string) error {
	for {
		if err := chromedp.Do(ctx, chromedp.Navigate(url+"/operations")); err != nil {
			return err
		}
		rows, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll("table.list tbody tr").length`))
		if err != nil || rows >= 2 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
