// Command gen writes names_gen.go beside the wire package: the wire names of the AWS SDK's query and rest-xml services.
//
// It takes no arguments and is run by go generate in the wire package's folder. It must never be part of the shipped binary.
package main

import (
	"log"
	"os"

	"berth/internal/sim/wire/gen/names"
)

func main() {
	text, err := names.File(names.Services()...)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("names_gen.go", text, 0o644); err != nil {
		log.Fatal(err)
	}
}
