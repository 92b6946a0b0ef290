package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"kassa/app/till"
	"kassa/i18n"
	"kassa/printer"
	"kassa/printer/escpos"
	"kassa/printer/printersim"
	"kassa/printer/slip/samples"
)

const samplesHelp = `kassa print-samples --profile NAME --to DIR [--lang ru|en]

Writes every slip of the till as a made-up shop prints it: NAME.bin holds the bytes for a printer of the profile, NAME.png
the paper as that printer draws it, and NAME.txt the words. Sending a .bin to a printer (cat sale.bin > /dev/usb/lp0)
prints it. With --profile all each profile has a folder of its own.

`

// allProfiles asks for the samples of every profile.
const allProfiles = "all"

func printSamples(_ context.Context, args []string, s streams) int {
	f := flag.NewFlagSet("print-samples", flag.ContinueOnError)
	name := f.String("profile", "", "the printer's profile: "+profileNames()+", or "+allProfiles)
	to := f.String("to", "", "the folder to write to; it is made when it is not there")
	tag := f.String("lang", i18n.Russian, "ru or en")
	rest, code := parse(f, args, s, samplesHelp)
	if code >= 0 {
		return code
	}
	lang, err := i18n.Load(*tag)
	if err != nil || len(rest) != 0 || *to == "" || *name == "" {
		fmt.Fprint(s.err, samplesHelp)
		return exitUsage
	}
	if *name == allProfiles {
		for _, p := range escpos.Profiles() {
			if err := writeSamples(filepath.Join(*to, p.Name), p, lang, s); err != nil {
				return fail(s, err)
			}
		}
		return exitOK
	}
	profile, ok := till.Profile(*name)
	if !ok {
		fmt.Fprintf(s.err, "kassa: there is no printer profile %.40q; there are %s\n", *name, profileNames())
		return exitUsage
	}
	if err := writeSamples(*to, profile, lang, s); err != nil {
		return fail(s, err)
	}
	return exitOK
}

// profileNames lists the profiles for a sentence.
func profileNames() string {
	var names []string
	for _, p := range escpos.Profiles() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// writeSamples writes all slips for one profile.
func writeSamples(dir string, profile escpos.Profile, lang *i18n.Language, s streams) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	shop := samples.Shop()
	shop.Columns = profile.Columns
	for _, kind := range samples.Kinds() {
		doc, err := samples.Make(kind, shop, profile.Name, lang)
		if err != nil {
			return err
		}
		if err := writeSample(filepath.Join(dir, string(kind)), doc, profile); err != nil {
			return fmt.Errorf("writing the sample %s: %w", kind, err)
		}
	}
	fmt.Fprintf(s.out, "%d slips for %s, %d columns: %s\n", len(samples.Kinds()), profile.Name, profile.Columns, dir)
	return nil
}

// writeSample writes one slip. The picture is drawn from the bytes, so that it shows what a printer would do with them.
func writeSample(path string, doc printer.Document, profile escpos.Profile) error {
	job, err := escpos.Encode(doc, profile)
	if err != nil {
		return err
	}
	maker, _, _ := strings.Cut(profile.Name, "-")
	paper, err := printersim.ByMaker(maker).Decode(job)
	if err != nil {
		return err
	}
	paper.Columns, paper.Dots = profile.Columns, profile.DotsWidth
	img, err := paper.Image()
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, img); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(path+".bin", job, 0o644),
		os.WriteFile(path+".png", picture.Bytes(), 0o644),
		os.WriteFile(path+".txt", []byte(printer.PlainText(doc, profile.Columns)), 0o644))
}
