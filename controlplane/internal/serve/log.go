package serve

import (
	"errors"
	"fmt"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"

	"elysium.dev/controlplane/internal/lifetime"
)

// logTo sends what the components print to one file. The process keeps its real standard error, where the Go runtime
// writes when it crashes.
func logTo(path string, life *lifetime.Lifetime) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	os.Stdout, os.Stderr = file, file
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	klog.OsExit = func(code int) { life.Fail(fmt.Errorf("a component gave up with code %d: see %s", code, path)) }
	return nil
}

// orEnded is `err`, or says that a component ended without one.
func orEnded(err error) error {
	if err == nil {
		return errors.New("ended")
	}
	return err
}
