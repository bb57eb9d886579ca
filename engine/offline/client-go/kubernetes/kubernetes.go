// Package kubernetes is imported by Helm so that the version of client-go is known to the build.
package kubernetes
