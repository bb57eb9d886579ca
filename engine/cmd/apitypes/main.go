// Command apitypes writes how the Go types of Kubernetes' built-in kinds look: their fields, and what of them is left out when
// empty. The engine normalises objects by this table, because the types themselves would more than double its size.
//
//	go run ./cmd/apitypes -out internal/normalise/types.txt
package main

import (
	"flag"
	"log"
	"os"

	"elysium.dev/engine/internal/normalise/apischeme"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("apitypes: ")
	out := flag.String("out", "internal/normalise/types.txt", "the file to write")
	flag.Parse()
	table, err := describe(apischeme.New())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, []byte(table), 0o644); err != nil {
		log.Fatal(err)
	}
}
