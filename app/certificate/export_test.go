package certificate

// WordList are all words that a pin can have.
var WordList = words
