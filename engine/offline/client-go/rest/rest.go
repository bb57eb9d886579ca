// Package rest would hold the configuration of a connection to a cluster. There is none.
package rest

// Config is the configuration of no connection.
type Config struct{}
