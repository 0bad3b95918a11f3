// Command docgen writes the generated pages of the documentation: the manual of the verbs, the page of the simulator and the
// reference of the configuration.
//
// In: the folder of the documentation. Out: its verbs/*.md, simulator.md and config.md.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"berth/internal/cli"
	"berth/internal/cli/manual"
	"berth/internal/config"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: docgen FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func write(docs string) error {
	verbs := filepath.Join(docs, "verbs")
	if err := os.MkdirAll(verbs, 0o755); err != nil {
		return err
	}
	for _, p := range cli.Manual() {
		if err := os.WriteFile(filepath.Join(verbs, p.File), []byte(p.Text), 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(docs, "simulator.md"), []byte(manual.Simulator()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(docs, "config.md"), []byte(config.Reference()), 0o644)
}
