package chat

// File is something an answer hands over whole. Its name is a plain one, without a folder.
type File struct {
	Name string
	Data []byte
}
