//go:build linux && race

package main

func init() { underRace = true }
