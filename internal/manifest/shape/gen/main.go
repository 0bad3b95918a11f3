// Command gen writes table_gen.go beside the shape package: what ECS takes to register a task definition and to make a service.
//
// It takes no arguments and is run by go generate in the shape package's folder. It must never be part of the shipped binary.
package main

import (
	"log"
	"os"
)

func main() {
	text, err := file()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("table_gen.go", text, 0o644); err != nil {
		log.Fatal(err)
	}
}
